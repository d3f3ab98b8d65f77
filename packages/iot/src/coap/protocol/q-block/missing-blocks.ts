/**
 * Reads the numbers of missing blocks, in content format 272: unsigned integers of CBOR, one behind the other. What does
 * not fit into a block's number, and what is no such sequence, gives `undefined`.
 *
 * @see RFC 9177 section 5
 */
export function readMissingBlocks(payload: Uint8Array): readonly number[] | undefined {
  const numbers: number[] = [];
  for (let at = 0; at < payload.length; ) {
    const head = payload[at] ?? 0;
    const extra = head < 24 ? 0 : extraBytes.indexOf(head);
    if (extra < 0 || at + 1 + extra > payload.length) return undefined;
    let number = extra === 0 ? head : 0;
    for (const byte of payload.subarray(at + 1, at + 1 + extra)) number = number * 256 + byte;
    if (number > largest) return undefined;
    numbers.push(number);
    at += 1 + extra;
  }
  return numbers;
}

/**
 * Writes the numbers of missing blocks, as many as fit: the receiver is told the others when these have come.
 *
 * @see RFC 9177 section 5
 */
export function writeMissingBlocks(numbers: readonly number[], maxBytes: number): Uint8Array {
  const bytes: number[] = [];
  for (const number of numbers) {
    const next =
      number < 24
        ? [number]
        : number < 0x100
          ? [24, number]
          : number < 0x1_0000
            ? [25, number >> 8, number & 255]
            : [26, 0, number >> 16, (number >> 8) & 255, number & 255];
    if (bytes.length + next.length > maxBytes) break;
    bytes.push(...next);
  }
  return Uint8Array.from(bytes);
}

/** Heads of integers, at the place of how many bytes follow them. */
const extraBytes = [-1, 24, 25, -1, 26];
const largest = 0xf_ffff;
