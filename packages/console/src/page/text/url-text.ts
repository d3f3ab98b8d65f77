import { drawBreakable, drawUrlText } from "@fairlead/widgets";
import { displayUrl, elideUrl, type UrlPart } from "@fairlead/widgets/url";
import { css, type CSSResult, html, type TemplateResult } from "lit";

/** The emphasis of a URL's parts: what the server chose is quiet, the site stands out. */
export const urlTextStyles: CSSResult = css`
  .url {
    unicode-bidi: isolate;
  }

  .url .quiet {
    color: var(--_quiet);
  }

  .url .strong {
    font-weight: 600;
  }

  .url .flagged {
    color: var(--_caution);
  }
`;

/**
 * A URL by the rules of the address bar: left to right in any language, never as it came.
 *
 * @param room characters that are sure to be seen: a longer origin is cut in front, so that the end of its name is there;
 * what follows the origin is the style sheet's to cut. Without it the URL takes as many lines as it needs.
 */
export function urlText(url: string, room = Infinity): TemplateResult {
  const display = displayUrl(url);
  const draw = room === Infinity ? drawBreakable : undefined;
  if (display.type === "text") return html`<bdi class="url" dir="ltr">${drawUrlText(display.text, draw)}</bdi>`;
  const { parts } = display;
  const shown = originLength(parts) > room ? elideUrl(parts, (text) => text.length <= room) : parts;
  return html`<bdi class="url" dir="ltr">${shown.map(
    ({ text, emphasis }) => html`<span class=${emphasis}>${drawUrlText(text, draw)}</span>`,
  )}</bdi>`;
}

function originLength(parts: readonly UrlPart[]): number {
  const isOrigin = new Set<string>(["scheme", "subdomain", "site", "port"]);
  return parts.reduce((length, { role, text }) => (isOrigin.has(role) ? length + text.length : length), 0);
}
