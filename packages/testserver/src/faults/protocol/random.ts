/** Gives the next number, from 0 up to but not including 1. */
export type Random = () => number;

/**
 * Makes numbers that look like chance and follow from a seed: sfc32, the "small fast counting" generator of Chris
 * Doty-Humphrey's PractRand, with 128 bits of state. `stream` and `index` choose one of many independent sequences of one
 * seed, so that what one connection meets does not depend on what others do meanwhile. All three are whole numbers below
 * 2^32. Not for secrets.
 */
export function randomFrom(seed: number, stream = 0, index = 0): Random {
  let [a, b, c, counter] = [seed | 0, stream | 0, index | 0, 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Seeds that differ little give sequences that differ wholly only after some rounds.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}
