import { shownText } from "../text/shown-text.ts";
import { decodeForDisplay } from "./decode-for-display.ts";
import { showHost } from "./host/show-host.ts";
import { classifyScheme, type SchemeClass } from "./scheme-class.ts";
import { typedAuthority } from "./typed-authority.ts";
import { withoutUserInformation } from "./without-user-information.ts";
import type { ShownHost, UrlDisplay, UrlNote, UrlPart } from "./url-display.ts";
import type { UrlKnowledge } from "./url-knowledge.ts";

/** Of a path, a query, a fragment, or what follows an opaque scheme, so many characters are shown at the most. */
export const SHOWN_TAIL_LIMIT = 2_048;

/**
 * Decides what a URL is shown as, so that nobody is deceived about whom it belongs to.
 *
 * @param text an absolute URL, from anywhere; what the URL parser refuses is shown as text.
 * @see https://chromium.googlesource.com/chromium/src/+/main/docs/security/url_display_guidelines/url_display_guidelines.md
 */
export function displayUrl(text: string, knowledge: UrlKnowledge = {}): UrlDisplay {
  const url = URL.parse(text);
  if (url === null) return { type: "text", text: shownText(text) };
  const { href, protocol: scheme } = url;
  const schemeClass = classifyScheme(scheme);
  const parts: UrlPart[] = [];
  const notes: UrlNote[] = [];
  if (!hasHost(schemeClass) || !href.startsWith("//", scheme.length)) {
    parts.push({ role: "scheme", text: scheme, emphasis: "flagged" });
    pushOpaque(scheme, href.slice(scheme.length), parts, notes);
    return { type: "url", parts, scheme, schemeClass, host: { type: "none" }, notes };
  }
  parts.push({ role: "scheme", text: `${scheme}//`, emphasis: schemeClass === "secure" ? "quiet" : "flagged" });
  if (url.username !== "" || url.password !== "") notes.push({ type: "user-information-left-out" });
  const host = showHost(url.hostname, schemeClass !== "unknown", knowledge);
  pushHost(host, parts, notes);
  if (url.port !== "") parts.push({ role: "port", text: `:${url.port}`, emphasis: "plain" });
  if (href !== text) noteRewriting(text, url, host, notes);
  const { pathname, search, hash } = url;
  if (pathname !== "/" || search !== "" || hash !== "" || host.type === "none") {
    pushTail("path", pathname, parts, notes);
  }
  pushTail("query", search, parts, notes);
  pushTail("fragment", hash, parts, notes);
  return { type: "url", parts, scheme, schemeClass, host, notes };
}

/** In the other schemes, what looks like a host is content: `javascript://bank.example/` runs in the page that is open. */
function hasHost(schemeClass: SchemeClass): boolean {
  switch (schemeClass) {
    case "secure":
    case "insecure":
    case "file":
    case "unknown":
      return true;
    case "embedded":
    case "script":
    case "internal":
      return false;
  }
}

function pushHost(host: ShownHost, parts: UrlPart[], notes: UrlNote[]): void {
  switch (host.type) {
    case "domain": {
      const { labels, siteLabels } = host;
      for (const label of labels) if (label.why.type === "punycode") notes.push({ type: "punycode-kept", label });
      const subdomains = labels.length - siteLabels;
      const site = subdomains === 0 ? host.shown : shownLabels(labels, subdomains, labels.length);
      if (subdomains > 0) {
        parts.push({
          role: "subdomain",
          text: host.shown.slice(0, host.shown.length - site.length),
          emphasis: "plain",
        });
      }
      parts.push({ role: "site", text: site, emphasis: "strong" });
      return;
    }
    case "ipv4":
    case "ipv6":
      parts.push({ role: "site", text: host.address, emphasis: "strong" });
      return;
    case "opaque":
      parts.push({ role: "site", text: host.text, emphasis: "strong" });
      return;
    case "none":
      return;
  }
}

function shownLabels(labels: readonly { readonly shown: string }[], start: number, end: number): string {
  let text = labels[start]?.shown ?? "";
  for (let index = start + 1; index < end; index++) text += `.${labels[index]?.shown ?? ""}`;
  return text;
}

function pushTail(role: "path" | "query" | "fragment", encoded: string, parts: UrlPart[], notes: UrlNote[]): void {
  if (encoded === "") return;
  const { text, kept } = decodeForDisplay(encoded.slice(0, SHOWN_TAIL_LIMIT));
  if (kept.length > 0) notes.push({ type: "characters-kept-encoded", where: role, characters: kept });
  parts.push({ role, text: cut(text, encoded.length, role, notes), emphasis: "quiet" });
}

function pushOpaque(scheme: string, encoded: string, parts: UrlPart[], notes: UrlNote[]): void {
  const anonymous = withoutUserInformation(scheme, encoded);
  if (anonymous.length !== encoded.length) notes.push({ type: "user-information-left-out" });
  const text = anonymous.slice(0, SHOWN_TAIL_LIMIT).replaceAll(" ", "%20");
  if (text !== "") {
    parts.push({ role: "opaque", text: cut(text, anonymous.length, "opaque", notes), emphasis: "quiet" });
  }
}

function cut(text: string, length: number, where: "path" | "query" | "fragment" | "opaque", notes: UrlNote[]): string {
  if (length <= SHOWN_TAIL_LIMIT) return text;
  notes.push({ type: "cut", where, characters: length - SHOWN_TAIL_LIMIT });
  return `${text}…`;
}

function noteRewriting(text: string, url: URL, host: ShownHost, notes: UrlNote[]): void {
  const typed = typedAuthority(text);
  if (typed.dropped > 0) notes.push({ type: "characters-dropped", count: typed.dropped });
  if (typed.port !== "" && url.port === "") notes.push({ type: "default-port-left-out", port: typed.port });
  if ((host.type === "ipv4" || host.type === "ipv6") && typed.host.toLowerCase() !== host.address) {
    notes.push({ type: "address-rewritten", typed: shownText(typed.host, 64), shown: host.address });
  }
}
