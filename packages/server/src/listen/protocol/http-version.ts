/** What HTTP is spoken, or that more bytes are needed to tell. */
export type VersionReading = "1" | "2" | "need-data";

/**
 * Tells by the first bytes which HTTP a client speaks: HTTP/2 begins with a preface that is no request of HTTP/1.1, so
 * whatever differs from it anywhere is HTTP/1, or nothing.
 *
 * @see RFC 9113 section 3.4
 */
export function httpVersionOf(first: Uint8Array): VersionReading {
  const length = Math.min(first.length, preface.length);
  for (let index = 0; index < length; index += 1) {
    if (first[index] !== preface.charCodeAt(index)) return "1";
  }
  return length === preface.length ? "2" : "need-data";
}

/** Its first line is enough: what follows is checked by who speaks it. */
const preface = "PRI * HTTP/2.0\r\n";
