import { cleanAddress, ADDRESS_LIMIT } from "./clean-address.ts";

/** What becomes of the text in the bar when the person says go. */
export type AddressDecision =
  | {
      readonly type: "navigate";
      /** Canonical, ASCII only, without user information. */
      readonly url: string;
      /** The text had a user name or a password before the host. They are not passed on. */
      readonly userInformationLeftOut: boolean;
    }
  | { readonly type: "search"; readonly text: string }
  | { readonly type: "refuse"; readonly reason: AddressRefusal };

/** Why a text leads nowhere. */
export type AddressRefusal =
  | { readonly type: "empty" }
  /** It is no URL, and no host name either. */
  | { readonly type: "not-an-address" }
  /** Its host cannot be one: a character that no name may have, a broken number, more than 253 characters. */
  | { readonly type: "host"; readonly host: string }
  | { readonly type: "port"; readonly port: string }
  /** It would run a script in the page that is open. */
  | { readonly type: "script" }
  /** The application opens no URLs of this scheme. */
  | { readonly type: "scheme"; readonly scheme: string }
  | { readonly type: "too-long"; readonly limit: number };

/** What the application does with addresses. */
export interface AddressPolicy {
  /** Schemes that it opens, in lower case without the colon. Those that run scripts are refused even when named. */
  readonly schemes: readonly string[];
  /** Whether text that is no address is searched for, rather than refused. */
  readonly search: boolean;
}

/**
 * Decides what the text in the bar means. What has no scheme gets `https`, names of this machine itself `http`; what looks
 * like a name, a port or a path is an address, and the rest is searched for where the application does that.
 *
 * @see RFC 9110 section 4.2.4, on user information that obscures the authority
 */
export function decideAddress(typed: string, policy: AddressPolicy): AddressDecision {
  if (typed.length > ADDRESS_LIMIT) return refuse({ type: "too-long", limit: ADDRESS_LIMIT });
  const { text, removed } = cleanAddress(typed);
  if (removed.includes("script")) return refuse({ type: "script" });
  if (text === "") return refuse({ type: "empty" });
  if (policy.search && text.startsWith("?")) return search(text.slice(1).trim());

  const scheme = schemeOf(text);
  if (scheme !== undefined) {
    if (SCRIPT_SCHEMES.has(scheme)) return refuse({ type: "script" });
    if (policy.schemes.includes(scheme)) return navigate(text);
    // "note: buy milk" is for the search engine, "mailto:someone" is a URL of a scheme that is not opened.
    return policy.search && text.includes(" ") ? search(text) : refuse({ type: "scheme", scheme });
  }
  if (policy.search && !looksLikeAddress(text)) return search(text);
  if (text.startsWith("/") && !text.startsWith("//")) return refuse({ type: "not-an-address" });
  return navigate(`${schemeFor(text, policy)}://${text.replace(/^\/\//u, "")}`);
}

const SCRIPT_SCHEMES: ReadonlySet<string> = new Set(["javascript", "vbscript"]);

/** The scheme that the text names itself. `localhost:8080` and `example.com:443/x` are a host and a port. */
function schemeOf(text: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d{1,5}(?:[/?#]|$))/iu.exec(text)?.[1];
  if (scheme === undefined) return undefined;
  return scheme.includes(".") && !text.startsWith(`${scheme}://`) ? undefined : scheme.toLowerCase();
}

function looksLikeAddress(text: string): boolean {
  const authority = /^(?:\/\/)?([^/?#]*)/u.exec(text)?.[1] ?? "";
  if (authority.includes(" ") || authority === "") return false;
  const host = authority.replace(/^[^@]*@/u, "").replace(/:\d{1,5}$/u, "");
  if (host.startsWith("[") && host.endsWith("]")) return true;
  if (host === "localhost" || host !== authority.replace(/^[^@]*@/u, "")) return true;
  // A number is a number, unless it is written as an address is.
  if (/^[\d.]+$/u.test(host)) return /^(?:\d{1,3}\.){3}\d{1,3}$/u.test(host);
  if (/[.。．｡][^.。．｡\d\s]/u.test(host)) return true;
  return /^[^/?#]+\//u.test(text);
}

function schemeFor(text: string, policy: AddressPolicy): string {
  const ofThisMachine =
    /^(?:\/\/)?(?:[^/?#@]*@)?(?:[^/?#@:]+\.)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])\.?(?=[:/?#]|$)/iu;
  return ofThisMachine.test(text) && policy.schemes.includes("http") ? "http" : "https";
}

function navigate(text: string): AddressDecision {
  const url = URL.parse(text);
  if (url === null) return refuse(whyNoUrl(text));
  if (url.hostname !== "" && !isHostThatCanBe(url.hostname)) return refuse({ type: "host", host: url.hostname });
  const userInformationLeftOut = url.username !== "" || url.password !== "";
  if (userInformationLeftOut) {
    url.username = "";
    url.password = "";
  }
  return { type: "navigate", url: url.href, userInformationLeftOut };
}

/** The URL parser lets characters pass that no name has, such as parentheses: "alert(1)" is no host. RFC 1035 section 2.3. */
function isHostThatCanBe(host: string): boolean {
  if (host.startsWith("[")) return true;
  return host.length <= 254 && /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/iu.test(host);
}

/** Finds what is wrong with a URL that does not parse, by trying it without its parts. */
function whyNoUrl(text: string): AddressRefusal {
  const [, scheme, authority] = /^([^:]*):[/\\]*([^/\\?#]*)/u.exec(text) ?? [];
  if (scheme === undefined || authority === undefined || authority === "") return { type: "not-an-address" };
  const hostAndPort = authority.slice(authority.lastIndexOf("@") + 1);
  const port = /:([^:\]]*)$/u.exec(hostAndPort)?.[1];
  const host = port === undefined ? hostAndPort : hostAndPort.slice(0, -port.length - 1);
  if (host === "" || host.includes(" ")) return { type: "not-an-address" };
  if (port !== undefined && URL.canParse(`${scheme}://${host}`)) return { type: "port", port };
  return { type: "host", host };
}

function search(text: string): AddressDecision {
  return text === "" ? refuse({ type: "empty" }) : { type: "search", text };
}

function refuse(reason: AddressRefusal): AddressDecision {
  return { type: "refuse", reason };
}
