import { css } from "lit";

/**
 * Colours, distances and fonts of all widgets. A page sets any `--fairlead-…` to change them, and `color-scheme` to choose
 * between light and dark; forced colours win over both. Text on its surface has a contrast of 4.5 at least, the borders of
 * what can be operated 3. WCAG 2.2 sections 1.4.3 and 1.4.11.
 */
export const tokens = css`
  :host {
    --_surface: var(--fairlead-surface, light-dark(#ffffff, #16181d));
    --_raised: var(--fairlead-raised, light-dark(#f5f6f8, #1f2229));
    --_text: var(--fairlead-text, light-dark(#1a1d23, #e8eaee));
    --_quiet: var(--fairlead-quiet, light-dark(#545b66, #a9b1bd));
    --_line: var(--fairlead-line, light-dark(#d5d9e0, #363b45));
    --_edge: var(--fairlead-edge, light-dark(#79818e, #7e8795));
    --_accent: var(--fairlead-accent, light-dark(#0b57d0, #8ab4f8));
    --_on-accent: var(--fairlead-on-accent, light-dark(#ffffff, #0b1b33));
    --_accent-surface: var(--fairlead-accent-surface, light-dark(#e8f0fe, #1c2b45));
    --_good: var(--fairlead-good, light-dark(#116329, #7ddb94));
    --_good-surface: var(--fairlead-good-surface, light-dark(#e6f4ea, #12301c));
    --_caution: var(--fairlead-caution, light-dark(#7a4b00, #f2c063));
    --_caution-surface: var(--fairlead-caution-surface, light-dark(#fdf3dc, #35280c));
    --_danger: var(--fairlead-danger, light-dark(#b3261e, #ffb4ab));
    --_danger-surface: var(--fairlead-danger-surface, light-dark(#fdebea, #43191a));
    --_font: var(--fairlead-font, system-ui, sans-serif);
    --_mono: var(--fairlead-mono, ui-monospace, "Cascadia Code", "DejaVu Sans Mono", monospace);
    --_radius: var(--fairlead-radius, 8px);
    --_space: var(--fairlead-space, 8px);

    box-sizing: border-box;
    display: block;
    color: var(--_text);
    font: 0.9375rem/1.45 var(--_font);
    overflow-wrap: anywhere;
    text-align: start;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }

  /* What draws itself in spite of forced colours, such as a bar of a pattern, has no others to draw with. */
  @media (forced-colors: active) {
    :host {
      --_surface: Canvas;
      --_raised: Canvas;
      --_text: CanvasText;
      --_quiet: CanvasText;
      --_line: CanvasText;
      --_edge: ButtonBorder;
      --_accent: Highlight;
      --_on-accent: HighlightText;
      --_accent-surface: Canvas;
      --_good: CanvasText;
      --_good-surface: Canvas;
      --_caution: CanvasText;
      --_caution-surface: Canvas;
      --_danger: CanvasText;
      --_danger-surface: Canvas;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
