import { FRAME_HEAD_LENGTH } from "@fairlead/http/h2";

/**
 * Makes the data of two frames one piece, where nothing but the head of the second is between them, by moving the smaller
 * one: a reader that joins them itself would copy both. `undefined` where something else is between them.
 */
export function closeGap(first: Uint8Array, second: Uint8Array): Uint8Array | undefined {
  const { buffer, byteOffset } = first;
  const gap = second.byteOffset - (byteOffset + first.length);
  if (second.buffer !== buffer || gap !== FRAME_HEAD_LENGTH) return undefined;
  const both = new Uint8Array(buffer, byteOffset, first.length + gap + second.length);
  if (first.length < second.length) {
    both.copyWithin(gap, 0, first.length);
    return both.subarray(gap);
  }
  both.copyWithin(first.length, first.length + gap);
  return both.subarray(0, first.length + second.length);
}
