/** By what a request names its context. RFC 8613 section 5.1. */
export interface OscoreContextName {
  /** Recipient ID of the context, hexadecimal. */
  readonly peerId: string;
  /** Hexadecimal; of a request, `undefined` leaves it open. */
  readonly idContext: string | undefined;
}

/** Names a context by its bytes. */
export function nameContext(recipientId: Uint8Array, idContext: Uint8Array | undefined): OscoreContextName {
  return { peerId: toHex(recipientId), idContext: idContext === undefined ? undefined : toHex(idContext) };
}

/** Writes bytes in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
