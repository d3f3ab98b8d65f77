import { html, type TemplateResult } from "lit";
import { drawUrlText } from "../draw-url-text.ts";
import { displayUrl } from "../url/display-url.ts";
import type { UrlPart } from "../url/url-display.ts";
import type { UrlKnowledge } from "../url/url-knowledge.ts";

/**
 * Draws who asks: the origin by the rules for showing URLs, from left to right, with no path that could hold another name.
 *
 * @param origin `https://host:port`; what is none is shown as the text that it is.
 */
export function drawOrigin(origin: string, knowledge: UrlKnowledge | undefined): TemplateResult {
  const display = displayUrl(origin, knowledge);
  const parts: readonly UrlPart[] =
    display.type === "url" ? display.parts.filter(({ role }) => originRoles.has(role)) : [];
  if (parts.length === 0) {
    const text = display.type === "text" ? display.text : display.parts.map((part) => part.text).join("");
    return html`<bdi dir="ltr" class="origin">${drawUrlText(text)}</bdi>`;
  }
  return html`<bdi dir="ltr" class="origin"
    >${parts.map(({ role, text, emphasis }) => html`<bdi dir="ltr" class=${emphasis} data-role=${role}>${drawUrlText(text)}</bdi>`)}</bdi
  >`;
}

const originRoles: ReadonlySet<string> = new Set(["scheme", "subdomain", "site", "port"]);
