import { randomFillSync } from "node:crypto";

/** Makes a source of integers from 0 to 2^32 - 1 that nobody can foretell, drawn from the system many at a time. */
export function randomSource(): () => number {
  const drawn = new Uint32Array(256);
  let left = 0;
  return () => {
    if (left === 0) {
      randomFillSync(drawn);
      left = drawn.length;
    }
    left -= 1;
    return drawn[left] ?? 0;
  };
}
