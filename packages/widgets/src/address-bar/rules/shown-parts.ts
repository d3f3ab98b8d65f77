import type { UrlDisplay, UrlPart } from "../../url/url-display.ts";

/** The parts of what is shown of a URL; what is no URL is one quiet part. */
export function partsOf(display: UrlDisplay): readonly UrlPart[] {
  return display.type === "url" ? display.parts : [{ role: "opaque", text: display.text, emphasis: "quiet" }];
}

/** The parts that say whom a URL belongs to. */
export function originParts(display: UrlDisplay): readonly UrlPart[] {
  return partsOf(display).filter(
    ({ role }) => role === "scheme" || role === "subdomain" || role === "site" || role === "port",
  );
}

/** The parts for a line of a list, where `https` goes without saying, and all other schemes do not. */
export function listParts(display: UrlDisplay): readonly UrlPart[] {
  return partsOf(display).filter(({ role, emphasis }) => role !== "scheme" || emphasis !== "quiet");
}

/** All parts as one text. */
export function shownAsText(display: UrlDisplay): string {
  return partsOf(display)
    .map(({ text }) => text)
    .join("");
}
