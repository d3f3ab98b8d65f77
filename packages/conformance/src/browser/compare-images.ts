import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** How two pictures differ. */
export type ImageComparison =
  | { readonly type: "sizes"; readonly expected: string; readonly actual: string }
  | {
      readonly type: "pixels";
      /** How many pixels differ to the eye. */
      readonly count: number;
      /** How many of them lie in the square where most do. */
      readonly densest: number;
      /** Where they are, as a PNG. */
      readonly difference: Buffer;
    };

/**
 * A share of the greatest distance of two colours. Edges count as all else: an icon of thin strokes is nothing but edges.
 */
const THRESHOLD = 0.1;

/** The side of the square in which differing pixels are counted: an icon is inside of one. */
const SQUARE = 32;
const STEP = 8;

/**
 * Compares two PNGs pixel by pixel. What another machine smooths otherwise is scattered; an icon that is missing or a line
 * that has moved differs in one place. So it is the densest square that tells, not a share of the whole picture, in which
 * an icon is nothing.
 */
export function compareImages(expected: Buffer, actual: Buffer): ImageComparison {
  const before = PNG.sync.read(expected);
  const after = PNG.sync.read(actual);
  const { width, height } = before;
  if (after.width !== width || after.height !== height)
    return { type: "sizes", expected: `${width} × ${height}`, actual: `${after.width} × ${after.height}` };
  const mask = new PNG({ width, height });
  const options = { threshold: THRESHOLD, includeAA: true };
  const count = pixelmatch(before.data, after.data, mask.data, width, height, { ...options, diffMask: true });
  const densest = count === 0 ? 0 : densestSquare(mask);
  const difference = new PNG({ width, height });
  pixelmatch(before.data, after.data, difference.data, width, height, options);
  return { type: "pixels", count, densest, difference: PNG.sync.write(difference) };
}

/** The most differing pixels in any square: sums of all rectangles that begin at the corner give each square in four looks. */
function densestSquare({ width, height, data }: PNG): number {
  const row = width + 1;
  const sums = new Uint32Array(row * (height + 1));
  const sum = (x: number, y: number): number => sums[y * row + x] ?? 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      // A mask is clear but for what differs.
      const differs = data[at + 3] === 0 ? 0 : 1;
      sums[(y + 1) * row + x + 1] = differs + sum(x, y + 1) + sum(x + 1, y) - sum(x, y);
    }
  }
  let most = 0;
  for (let y = 0; y === 0 || y + SQUARE - STEP < height; y += STEP) {
    for (let x = 0; x === 0 || x + SQUARE - STEP < width; x += STEP) {
      const right = Math.min(x + SQUARE, width);
      const bottom = Math.min(y + SQUARE, height);
      most = Math.max(most, sum(right, bottom) - sum(x, bottom) - sum(right, y) + sum(x, y));
    }
  }
  return most;
}
