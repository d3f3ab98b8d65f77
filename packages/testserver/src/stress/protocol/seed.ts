import { randomFrom } from "../../faults/protocol/random.ts";

/** The largest seed: 32 bits. */
export const largestSeed = 0xffff_ffff;

/** The seed that follows: runs that are repeated have one each, and each can be the first of another repetition. */
export function nextSeed(seed: number): number {
  return Math.floor(randomFrom(seed)() * (largestSeed + 1));
}
