/** Four bits for a length, of a token or of what follows it. RFC 8323 section 3.2, RFC 8974 section 2.1. */
export function lengthNibble(length: number): number {
  return length < 13 ? length : length < 269 ? 13 : length < 65_805 ? 14 : 15;
}

/** How many bytes follow for it. */
export function extensionBytes(nibble: number): 0 | 1 | 2 | 4 {
  return nibble < 13 ? 0 : nibble === 13 ? 1 : nibble === 14 ? 2 : 4;
}

/** What those bytes count from. */
export function lengthBase(nibble: number): number {
  return nibble < 13 ? 0 : nibble === 13 ? 13 : nibble === 14 ? 269 : 65_805;
}

/** Reads a length's bytes, the largest first. */
export function readExtension(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

/** Writes a length's bytes, the largest first. */
export function writeExtension(bytes: Uint8Array, from: number, end: number, value: number): void {
  let rest = value;
  for (let at = end - 1; at >= from; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
