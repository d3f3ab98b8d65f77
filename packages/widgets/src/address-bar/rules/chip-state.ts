import type { UrlDisplay } from "../../url/url-display.ts";
import type { SiteSecurity } from "../site-security.ts";

/**
 * What the bar says of the page that is open.
 *
 * - `empty`: there is none; `opening`: none yet, one is about to come.
 * - `encrypted`: over TLS with a server that proved its name. `unproven`: an `https` URL of whose connection nobody told.
 * - `exception`: over TLS with a server that did not. `refused`: there was no connection since it did not.
 * - `not-secure`: anybody on the way can read it. `local`: it could, but nothing leaves this machine.
 * - `file`, `embedded`, `script`, `internal`, `unknown-scheme`: no server stands for it. `no-url`: it is no URL.
 */
export type ChipState =
  | "empty"
  | "opening"
  | "encrypted"
  | "unproven"
  | "exception"
  | "refused"
  | "not-secure"
  | "local"
  | "file"
  | "embedded"
  | "script"
  | "internal"
  | "unknown-scheme"
  | "no-url";

/** How much a state asks to be seen. */
export type ChipTone = "quiet" | "neutral" | "caution" | "danger";

/** What is known, for the chip. */
export interface ChipFacts {
  /** The URL that is open, as it is shown; `undefined` where there is none. */
  readonly display: UrlDisplay | undefined;
  /** Of the same URL. */
  readonly url: string | undefined;
  readonly security: SiteSecurity | undefined;
  readonly pending: boolean;
}

/** Decides what is said of the page. Only `https` with facts about this very origin is ever called encrypted. */
export function chipState({ display, url, security, pending }: ChipFacts): ChipState {
  if (display === undefined || url === undefined) return pending ? "opening" : "empty";
  if (display.type === "text") return "no-url";
  switch (display.schemeClass) {
    case "secure":
      return secureState(securityOf(url, security));
    case "insecure":
      return display.host.type !== "none" && isThisMachine(URL.parse(url)?.hostname ?? "") ? "local" : "not-secure";
    case "unknown":
      return "unknown-scheme";
    case "file":
    case "embedded":
    case "script":
    case "internal":
      return display.schemeClass;
  }
}

/** Facts about this URL's origin; `undefined` for those about another one, as they are while a page changes. */
export function securityOf(url: string | undefined, security: SiteSecurity | undefined): SiteSecurity | undefined {
  if (url === undefined || security === undefined) return undefined;
  const origin = URL.parse(url)?.origin;
  return origin === undefined || origin === "null" || URL.parse(security.origin)?.origin !== origin
    ? undefined
    : security;
}

/** Tells how much a state asks to be seen: a secure one is quiet, everything else is not. */
export function chipTone(state: ChipState): ChipTone {
  switch (state) {
    case "empty":
    case "opening":
    case "encrypted":
      return "quiet";
    case "unproven":
    case "local":
    case "file":
    case "internal":
      return "neutral";
    case "not-secure":
    case "embedded":
    case "unknown-scheme":
    case "no-url":
      return "caution";
    case "exception":
    case "refused":
    case "script":
      return "danger";
  }
}

function secureState(security: SiteSecurity | undefined): ChipState {
  if (security === undefined) return "unproven";
  switch (security.trust) {
    case "verified":
      return "encrypted";
    case "exception":
      return "exception";
    case "refused":
      return "refused";
  }
}

/** @see RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3 */
function isThisMachine(host: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(host);
}
