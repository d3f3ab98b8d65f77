/** What a platform does faster than a rule can. */
export interface WebSocketPlatform {
  /** New octets, whatever is in them. */
  allocate(length: number): Uint8Array;
  /** Whether octets from `start` to below `end` are whole UTF-8. */
  isUtf8(octets: Uint8Array, start: number, end: number): boolean;
  /** Reads UTF-8; `undefined` for what is none. */
  decodeUtf8(octets: Uint8Array, start: number, end: number): string | undefined;
}

/** The language's own means. */
export const PLAIN_PLATFORM: WebSocketPlatform = {
  allocate: (length) => new Uint8Array(length),
  isUtf8: (octets, start, end) => decode(octets, start, end) !== undefined,
  decodeUtf8: decode,
};

function decode(octets: Uint8Array, start: number, end: number): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets.subarray(start, end));
  } catch {
    return undefined;
  }
}
