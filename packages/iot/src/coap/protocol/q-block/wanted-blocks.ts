import type { CoapBlock } from "../block.ts";

/**
 * Tells which blocks of a body are sent for the values of Q-Block2 in a request: each once, in order, and no more than one
 * set. `undefined` where one begins behind the end, or their sizes differ.
 *
 * @param blockCount of the whole body, at least 1.
 *
 * @see RFC 9177 section 4.4
 */
export function wantedBlocks(
  wanted: readonly CoapBlock[],
  blockCount: number,
  maxPayloads: number,
): readonly number[] | undefined {
  const numbers = new Set<number>();
  for (const { number, more, sizeBytes } of wanted) {
    if (number >= blockCount || sizeBytes !== wanted[0]?.sizeBytes) return undefined;
    // With M this block and all that follow it in its set; without it, this one alone.
    const setEnd = (Math.floor(number / maxPayloads) + 1) * maxPayloads;
    const end = more ? Math.min(setEnd, blockCount) : number + 1;
    for (let each = number; each < end; each += 1) numbers.add(each);
  }
  return [...numbers].sort((one, other) => one - other).slice(0, maxPayloads);
}
