import assert from "node:assert/strict";

/** The cipher suites of a ClientHello that is the first record of these bytes. RFC 8446 section 4.1.2. */
export function offeredSuites(bytes: Buffer): readonly number[] {
  assert.equal(bytes[0], 22, "not a handshake record");
  const sessionAt = 5 + 4 + 2 + 32;
  const suitesAt = sessionAt + 1 + (bytes[sessionAt] ?? 0);
  const length = bytes.readUInt16BE(suitesAt);
  return Array.from({ length: length / 2 }, (_, index) => bytes.readUInt16BE(suitesAt + 2 + 2 * index));
}

/**
 * Without encryption, without authentication, of export strength, or with RC2, RC4, DES, 3DES or IDEA. RFC 9325 section
 * 4.1.
 *
 * @see https://www.iana.org/assignments/tls-parameters
 */
export const unsafeSuites: ReadonlySet<number> = new Set([
  ...range(0x0000, 0x002e),
  ...[0x0034, 0x003a, 0x003b, 0x0046, 0x0089, 0x009b, 0x00a6, 0x00a7, 0x00bf, 0x00c5],
  ...range(0x0060, 0x0066),
  ...[0x006c, 0x006d, 0x008a, 0x008b, 0x008e, 0x008f, 0x0092, 0x0093],
  ...range(0x00b0, 0x00b1),
  ...range(0x00b4, 0x00b5),
  ...range(0x00b8, 0x00b9),
  ...[0xc001, 0xc002, 0xc003, 0xc006, 0xc007, 0xc008, 0xc00b, 0xc00c, 0xc00d, 0xc010, 0xc011, 0xc012],
  ...range(0xc015, 0xc01a),
  ...[0xc033, 0xc034, 0xc039, 0xc03a, 0xc03b],
]);

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
