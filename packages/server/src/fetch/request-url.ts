import type { Endpoint, Exchange } from "../exchange/index.ts";

/** A name or an address and a port, as a URL may have them, and nothing that would be read as another part of it. */
const AUTHORITY = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-fA-F:.]+\])(?::\d{0,5})?$/;
/** Paths and queries that a URL keeps as they are: no dot segment, nothing to be encoded, no other slash, no fragment. */
const PLAIN_PATH = /^(?:\/(?!\.|%2e)[\w~!$&()*+,;=:@%.-]*)+(?:\?[\w~!$&()*+,;=:@%./?-]*)?$/i;

/** Finds what URLs of requests begin with; the same few are asked for again and again. */
export class RequestOrigins {
  #scheme = "";
  #authority = "";
  #origin: string | undefined;

  /** `https://host:port`, as the URL Standard writes it; `undefined` for a Host field that makes no URL. */
  of({ head: { scheme, authority }, connection: { local } }: Exchange): string | undefined {
    // HTTP/1.0 need not say whom it asks: RFC 9112 section 3.3.
    if (authority === "") return originOf(scheme, local === undefined ? "localhost" : written(local));
    if (authority !== this.#authority || scheme !== this.#scheme) {
      this.#scheme = scheme;
      this.#authority = authority;
      this.#origin = originOf(scheme, authority);
    }
    return this.#origin;
  }
}

function originOf(scheme: string, authority: string): string | undefined {
  return AUTHORITY.test(authority) ? URL.parse(`${scheme}://${authority}`)?.origin : undefined;
}

function written({ address, port }: Endpoint): string {
  return `${address.includes(":") ? `[${address}]` : address}:${String(port)}`;
}

/**
 * The URL of a request as the URL Standard writes it: dot segments are resolved.
 *
 * @param path that of the head: `*` stands for none (RFC 9112 section 3.3).
 */
export function requestUrl(origin: string, path: string): string {
  if (PLAIN_PATH.test(path)) return origin + path;
  const url = new URL(path === "*" ? origin : origin + path);
  url.hash = "";
  return url.href;
}
