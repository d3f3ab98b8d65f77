import type { ForwardedElement, ForwardedNode } from "./read-forwarded.ts";

/** Where a request came from, by the word of those who are trusted. */
export interface ForwardedOrigin {
  /**
   * The last in the chain, seen from the server, that is known; `undefined` where that is who is connected. In the place of
   * an address a proxy may say an obfuscated name (RFC 7239 section 6.3).
   */
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
    origin = {
      client: clientOf(node) ?? origin.client,
      scheme: proto ?? origin.scheme,
      host: host ?? origin.host,
    };
    if (node?.type !== "address" || !isTrusted(node.address)) break;
  }
  return origin;
}

function clientOf(node: ForwardedNode | undefined): ForwardedOrigin["client"] {
  switch (node?.type) {
    case "address":
      return { address: node.address, port: node.port };
    case "obfuscated":
      return { address: node.name, port: undefined };
    case "unknown":
    case undefined:
      return undefined;
  }
}
