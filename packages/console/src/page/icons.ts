import { drawIcon } from "@fairlead/widgets";
import { svg, type TemplateResult } from "lit";

/** Up and down: what is asked, and what is answered. */
export const requestsIcon: TemplateResult = drawIcon(
  svg`<path d="M6.5 16V4M3 7.5 6.5 4 10 7.5M13.5 4v12M10 12.5l3.5 3.5 3.5-3.5" />`,
);
/** A stack of records. */
export const memoryIcon: TemplateResult = drawIcon(
  svg`<ellipse cx="10" cy="5" rx="6" ry="2.5" /><path d="M4 5v10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5V5M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5" />`,
);
/** An arrow into a tray. */
export const downloadsIcon: TemplateResult = drawIcon(
  svg`<path d="M10 3v9.5M6 8.5l4 4 4-4M3.5 13v2.5a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5V13" />`,
);
/** A flask. */
export const testNetworkIcon: TemplateResult = drawIcon(
  svg`<path d="M7.5 3h5M8.5 3v5L4 15.2A1.2 1.2 0 0 0 5 17h10a1.2 1.2 0 0 0 1-1.8L11.5 8V3M6.3 12.5h7.4" />`,
);
/** Two sliders. */
export const settingsIcon: TemplateResult = drawIcon(
  svg`<path d="M3 6.5h7M14.5 6.5H17M3 13.5h2.5M10 13.5h7" /><circle cx="12.2" cy="6.5" r="2.2" /><circle cx="7.8" cy="13.5" r="2.2" />`,
);
/** A cross. */
export const closeIcon: TemplateResult = drawIcon(svg`<path d="m5 5 10 10M15 5 5 15" />`);
/** Back, in the direction of reading. */
export const backIcon: TemplateResult = drawIcon(svg`<path d="M12 4.5 6.5 10l5.5 5.5" />`);
/** A magnifying glass. */
export const searchIcon: TemplateResult = drawIcon(
  svg`<circle cx="8.8" cy="8.8" r="5.3" /><path d="m12.8 12.8 3.7 3.7" />`,
);
/** Something is wrong. */
export const warningIcon: TemplateResult = drawIcon(svg`<path d="M10 3.2 17.5 16h-15L10 3.2ZM10 8.2v3.6M10 14h.01" />`);
/** A closed lock. */
export const lockIcon: TemplateResult = drawIcon(
  svg`<rect x="4.5" y="8.8" width="11" height="8" rx="1.5" /><path d="M7 8.8V6.3a3 3 0 0 1 6 0v2.5" />`,
);
/** An open lock, struck through. */
export const openLockIcon: TemplateResult = drawIcon(
  svg`<rect x="4.5" y="8.8" width="11" height="8" rx="1.5" /><path d="M7 8.8V6.3a3 3 0 0 1 5.6-1.5M3 3l14 14" />`,
);
/** An arrow that goes on to the newest. */
export const followIcon: TemplateResult = drawIcon(svg`<path d="M10 3v10M5.5 8.8 10 13.2l4.5-4.4M4.5 17h11" />`);
/** A box that something leaves. */
export const exportIcon: TemplateResult = drawIcon(
  svg`<path d="M10 12.5V3M6 7l4-4 4 4M3.5 13v2.5A1.5 1.5 0 0 0 5 17h10a1.5 1.5 0 0 0 1.5-1.5V13" />`,
);
/** A bin. */
export const clearIcon: TemplateResult = drawIcon(
  svg`<path d="M4 5.5h12M8 5.5V3.8h4v1.7M5.5 5.5l.7 11h7.6l.7-11M8.5 8.8v4.5M11.5 8.8v4.5" />`,
);
/** Two sheets. */
export const copyIcon: TemplateResult = drawIcon(
  svg`<rect x="7" y="7" width="9.5" height="9.5" rx="1.5" /><path d="M13 7V5a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 5v6.5A1.5 1.5 0 0 0 5 13h2" />`,
);
/** Goes there. */
export const goIcon: TemplateResult = drawIcon(svg`<path d="M3.5 10h13M11.5 5l5 5-5 5" />`);
