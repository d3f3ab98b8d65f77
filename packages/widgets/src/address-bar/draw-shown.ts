import { html, type TemplateResult } from "lit";
import type { UrlDisplay, UrlPart } from "../url/url-display.ts";
import { drawUrl } from "./draw-url.ts";
import { partsOf } from "./rules/shown-parts.ts";

/** What stands in the bar while nobody edits. */
export interface ShownAtRest {
  readonly open: UrlDisplay | undefined;
  readonly pending: UrlDisplay | undefined;
  /** What has room of the parts. */
  readonly fit: (parts: readonly UrlPart[]) => readonly UrlPart[];
  readonly placeholder: string;
}

/** Draws what is open; where nothing is, what is about to be, with nothing of it standing out. */
export function drawShown({ open, pending, fit, placeholder }: ShownAtRest): TemplateResult {
  const display = open ?? pending;
  if (display === undefined) {
    return html`<div class="shown placeholder" part="url" aria-hidden="true">${placeholder}</div>`;
  }
  const parts = fit(partsOf(display));
  const drawn = drawUrl(open === undefined ? parts.map((part) => ({ ...part, emphasis: "quiet" })) : parts);
  return html`<div class="shown" part="url" aria-hidden="true">${drawn}</div>`;
}
