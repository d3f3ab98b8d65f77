/** A log's promise to publish a certificate. */
export interface SignedTimestamp {
  /** SHA-256 of the log's public key, hexadecimal. */
  readonly log: string;
  /** ISO 8601. */
  readonly time: string;
}

/**
 * Reads a list of signed certificate timestamps, unverified; what is cut off or of another version is left out.
 *
 * @see RFC 6962 sections 3.2 and 3.3
 */
export function readSignedTimestamps(list: Uint8Array): readonly SignedTimestamp[] {
  const found: SignedTimestamp[] = [];
  const view = new DataView(list.buffer, list.byteOffset, list.length);
  for (let at = 2; at + 2 <= list.length; ) {
    const end = at + 2 + view.getUint16(at);
    // Version, log, time.
    if (end > list.length || end - at < 2 + 1 + 32 + 8) break;
    if (view.getUint8(at + 2) === 0) {
      const milliseconds = Number(view.getBigUint64(at + 35));
      const log = Buffer.from(list.subarray(at + 3, at + 35)).toString("hex");
      if (milliseconds <= maxTime) found.push({ log, time: new Date(milliseconds).toISOString() });
    }
    at = end;
  }
  return found;
}

/** The last time that a Date can tell. */
const maxTime = 8.64e15;
