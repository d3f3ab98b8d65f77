import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

/**
 * Pictures that go with words, in the colour of the text, drawn with one stroke on a grid of 20. They say nothing alone:
 * those who do not see them miss nothing.
 */
export const icons = {
  alert: drawIcon(svg`<path d="M10 3 18 16.5H2Z" /><path d="M10 8v4M10 14.2v.1" />`),
  certificate: drawIcon(
    svg`<path d="M6 14H3.5A1.5 1.5 0 0 1 2 12.5v-8A1.5 1.5 0 0 1 3.5 3h13A1.5 1.5 0 0 1 18 4.5v8a1.5 1.5 0 0 1-1.5 1.5H14" /><circle cx="10" cy="12" r="2.75" /><path d="m8.5 14.5-.75 3.75L10 17l2.25 1.25-.75-3.75M5.5 6.5h9" />`,
  ),
  check: drawIcon(svg`<path d="m4 10.5 4 4 8-9" />`),
  copy: drawIcon(
    svg`<rect x="7" y="7" width="10" height="10" rx="1.5" /><path d="M13 7V4.5A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13H7" />`,
  ),
  download: drawIcon(svg`<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13" />`),
  missing: drawIcon(
    svg`<circle cx="10" cy="10" r="7.5" stroke-dasharray="3 2.5" /><path d="M8 8a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M10 13.6v.1" />`,
  ),
  shield: drawIcon(
    svg`<path d="M10 2.5 16.5 5v4.5c0 4-2.7 6.6-6.5 8-3.8-1.4-6.5-4-6.5-8V5Z" /><path d="m7 9.75 2.25 2.25L13.25 8" />`,
  ),
  key: drawIcon(svg`<circle cx="6.5" cy="10" r="3.5" /><path d="M10 10h7.5v3M14 10v2.5" />`),
  lock: drawIcon(
    svg`<rect x="4.5" y="8.75" width="11" height="8.25" rx="1.5" /><path d="M7 8.75V6.25a3 3 0 0 1 6 0v2.5" />`,
  ),
  network: drawIcon(
    svg`<circle cx="10" cy="10" r="7.5" /><path d="M2.5 10h15M10 2.5c2.2 2.1 3.25 4.6 3.25 7.5S12.2 15.4 10 17.5c-2.2-2.1-3.25-4.6-3.25-7.5S7.8 4.6 10 2.5Z" />`,
  ),
  networkLocal: drawIcon(
    svg`<rect x="7" y="2.5" width="6" height="4.5" rx="1" /><rect x="2.5" y="13" width="6" height="4.5" rx="1" /><rect x="11.5" y="13" width="6" height="4.5" rx="1" /><path d="M10 7v3M5.5 13v-3h9v3" />`,
  ),
  networkOff: drawIcon(svg`<circle cx="10" cy="10" r="7.5" /><path d="m4.75 4.75 10.5 10.5" />`),
  portal: drawIcon(svg`<path d="M8 3h7.5v14H8M2.5 10h9M8.5 7l3 3-3 3" />`),
  /** Braces of a program, or of content that came along. */
  code: drawIcon(svg`<path d="M7 5 2.5 10 7 15M13 5l4.5 5-4.5 5" />`),
  clock: drawIcon(svg`<circle cx="10" cy="10" r="7.5" /><path d="M10 6v4.25l2.75 1.75" />`),
  close: drawIcon(svg`<path d="m5 5 10 10M15 5 5 15" />`),
  file: drawIcon(svg`<path d="M5 2.75h6.25L15.5 7v10.25H5ZM11 3v4.25h4.25" />`),
  info: drawIcon(svg`<circle cx="10" cy="10" r="7.5" /><path d="M10 9.25v4.25M10 6.4v.1" />`),
  machine: drawIcon(svg`<rect x="3" y="4" width="14" height="9.5" rx="1" /><path d="M7 16.75h6M10 13.5v3.25" />`),
  refused: drawIcon(svg`<path d="M7 2.75h6L17.25 7v6L13 17.25H7L2.75 13V7ZM6.5 10h7" />`),
  reload: drawIcon(svg`<path d="M16.25 10a6.25 6.25 0 1 1-1.9-4.5l1.9 1.9M16.25 3.5v3.9h-3.9" />`),
  shieldOff: drawIcon(
    svg`<path d="M10 2.5 16.5 5v4.5c0 4-2.7 6.6-6.5 8-3.8-1.4-6.5-4-6.5-8V5Z" /><path d="m7.75 7.25 4.5 4.5M12.25 7.25l-4.5 4.5" />`,
  ),
} as const satisfies Readonly<Record<string, TemplateResult>>;

/** Draws strokes on the grid of 20 as a picture in the colour of the text around it; what it means stands beside it in words. */
export function drawIcon(drawing: SVGTemplateResult): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 20 20"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${drawing}
  </svg>`;
}
