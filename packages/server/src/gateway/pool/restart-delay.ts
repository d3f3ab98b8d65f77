const FIRST_MILLISECONDS = 100;
const LONGEST_MILLISECONDS = 30_000;

/** How long to wait before a worker is started again, after so many in a row that did not last. */
export function restartDelay(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** (failures - 1));
}
