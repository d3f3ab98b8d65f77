/** Statuses that the static table has, from its entry 8 on. RFC 7541 appendix A. */
const STATIC_STATUSES: readonly number[] = [200, 204, 206, 304, 400, 404, 500];
/** Digits in Huffman code, three of five bits and the others of six. RFC 7541 appendix B. */
const DIGITS: ReadonlyMap<string, string> = new Map([
  ["00000", "0"],
  ["00001", "1"],
  ["00010", "2"],
  ...Array.from(
    { length: 7 },
    (_, index) => [(0b011001 + index).toString(2).padStart(6, "0"), String(index + 3)] as const,
  ),
]);

/**
 * Reads the status that begins a response's field block, without the tables of its connection: `undefined` where it is
 * written in a way that needs them.
 */
export function readStatus(block: Buffer): number | undefined {
  let at = 0;
  // A new size of the table may come first. RFC 7541 section 6.3.
  while (((block[at] ?? 0) & 0xe0) === 0x20) {
    if (((block[at] ?? 0) & 0x1f) === 0x1f) while (((block[at + 1] ?? 0) & 0x80) !== 0) at += 1;
    at += ((block[at] ?? 0) & 0x1f) === 0x1f ? 2 : 1;
  }
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) return STATIC_STATUSES[(first & 0x7f) - 8];
  const index = (first & 0x40) !== 0 ? first & 0x3f : first & 0x0f;
  if (index < 8 || index > 14) return undefined;
  const length = block[at + 1] ?? 0;
  const value = block.subarray(at + 2, at + 2 + (length & 0x7f));
  return Number((length & 0x80) === 0 ? value.toString("latin1") : decodeDigits(value));
}

function decodeDigits(value: Buffer): string {
  let bits = "";
  for (const octet of value) bits += octet.toString(2).padStart(8, "0");
  let text = "";
  for (let at = 0; text.length < 3 && at < bits.length; ) {
    const short = DIGITS.get(bits.slice(at, at + 5));
    text += short ?? DIGITS.get(bits.slice(at, at + 6)) ?? "?";
    at += short === undefined ? 6 : 5;
  }
  return text;
}
