/** Where a protocol stands in a client's list. */
export interface AlpnPlace {
  readonly offset: number;
  readonly length: number;
}

/** Writes a list of protocols as a client offers it. RFC 7301 section 3.1. */
export function encodeAlpn(protocols: readonly string[]): Uint8Array {
  return Uint8Array.from(
    protocols.flatMap((protocol) => [protocol.length, ...Array.from(protocol, (character) => character.charCodeAt(0))]),
  );
}

/**
 * Chooses among what a client offers, by the server's own order; `not-asked` where it has none.
 *
 * @see RFC 7301 section 3.2
 */
export function chooseAlpn(protocols: readonly string[], offered: Uint8Array): AlpnPlace | "none" | "not-asked" {
  if (protocols.length === 0) return "not-asked";
  for (const protocol of protocols) {
    for (let at = 0; at < offered.length; at += 1 + (offered[at] ?? 0)) {
      const length = offered[at] ?? 0;
      const isWhole = at + 1 + length <= offered.length;
      if (isWhole && String.fromCharCode(...offered.subarray(at + 1, at + 1 + length)) === protocol)
        return { offset: at + 1, length };
    }
  }
  return "none";
}
