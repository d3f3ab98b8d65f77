import { UsageError } from "@fairlead/core";
import { parseRequestUrl } from "../request-url.ts";

const SCHEMES: Readonly<Record<string, string>> = {
  "ws:": "http:",
  "wss:": "https:",
  "http:": "http:",
  "https:": "https:",
};
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Where a WebSocket is, as it is shown and as it is asked for. */
export interface WebSocketUrl {
  /** Of scheme ws or wss. */
  readonly shown: URL;
  /** Of scheme http or https. */
  readonly target: URL;
}

/**
 * Parses where a WebSocket is.
 *
 * @param input of scheme ws or wss; http and https mean the same.
 * @throws UsageError URL_INVALID, also for a URL with a fragment; URL_SCHEME_UNKNOWN, URL_USER_INFORMATION
 * @see WHATWG WebSockets section 3.1
 */
export function parseWebSocketUrl(input: string | URL): WebSocketUrl {
  const parsed = typeof input === "string" ? URL.parse(input) : input;
  const scheme = parsed === null ? undefined : SCHEMES[parsed.protocol];
  if (parsed === null || scheme === undefined) {
    // It refuses both, in the words of all others.
    return { shown: parseRequestUrl(input), target: parseRequestUrl(input) };
  }
  const target = parseRequestUrl(withScheme(parsed, scheme));
  if (parsed.hash !== "" || parsed.href.endsWith("#")) {
    throw new UsageError("URL_INVALID", {
      operation: "open",
      peer: target.host,
      detail: "a WebSocket has no fragment",
    });
  }
  return { shown: withScheme(parsed, scheme === "https:" ? "wss:" : "ws:"), target };
}

/** @throws UsageError OPTION_INVALID for names that are no tokens, or come twice. RFC 6455 section 4.1 item 10. */
export function checkProtocols(protocols: string | readonly string[] = [], peer: string): void {
  const all = [protocols].flat();
  if (all.every((name) => TOKEN.test(name)) && new Set(all).size === all.length) return;
  throw new UsageError("OPTION_INVALID", { operation: "open", peer, detail: "protocols" });
}

/** The setter of `protocol` goes from one special scheme to another. */
function withScheme(url: URL, scheme: string): URL {
  const copy = new URL(url);
  copy.protocol = scheme;
  return copy;
}
