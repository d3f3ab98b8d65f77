import { html, type TemplateResult } from "lit";
import { drawUrlText } from "../draw-url-text.ts";
import type { UrlPart } from "../url/url-display.ts";
import { matchedParts } from "./rules/matched-parts.ts";

/**
 * Draws the parts of a URL from left to right, whatever letters they have: each label, and each segment of a path, that
 * could turn its neighbours round is isolated from them.
 *
 * @param typed words to be emphasised.
 */
export function drawUrl(parts: readonly UrlPart[], typed = ""): TemplateResult {
  return html`<bdi dir="ltr" class="url">${parts.map((part) => drawPart(part, typed))}</bdi>`;
}

function drawPart({ role, text, emphasis }: UrlPart, typed: string): TemplateResult {
  return html`<bdi dir="ltr" class=${emphasis} data-role=${role}
    >${drawUrlText(text, (piece) => drawMatched(piece, typed))}</bdi
  >`;
}

function drawMatched(text: string, typed: string): unknown {
  if (typed === "") return text;
  return matchedParts(text, typed).map((part) => (part.matched ? html`<mark>${part.text}</mark>` : part.text));
}
