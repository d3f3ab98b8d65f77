import type { ForwardedElement } from "./read-forwarded.ts";

/** Where a request came from, by the word of those who are trusted. */
export interface ForwardedOrigin {
  /** The last in the chain whose address is known, seen from the server; `undefined` where that is who is connected. */
  readonly client: { readonly address: string; readonly port: number | undefined } | undefined;
  /** What the client spoke to the first trusted proxy. */
  readonly scheme: "http" | "https" | undefined;
  /** What the client said in Host to the first trusted proxy. */
  readonly host: string | undefined;
}

/**
 * Follows what proxies say from one to the next, for as long as each is trusted: who is connected is trusted, so what it
 * says of its own client is believed; what that one says is believed only if it is trusted in turn. What is left further
 * behind may be made up.
 *
 * @param elements the last one first.
 * @param isTrusted whether an address is one of our proxies.
 * @see RFC 7239 section 8.1
 */
export function originByForwarded(
  elements: Iterable<ForwardedElement>,
  isTrusted: (address: string) => boolean,
): ForwardedOrigin {
  let origin: ForwardedOrigin = { client: undefined, scheme: undefined, host: undefined };
  for (const { for: node, host, proto } of elements) {
    const isKnown = node?.type === "address";
    origin = {
      client: isKnown ? { address: node.address, port: node.port } : origin.client,
      scheme: proto ?? origin.scheme,
      host: host ?? origin.host,
    };
    if (!isKnown || !isTrusted(node.address)) break;
  }
  return origin;
}
