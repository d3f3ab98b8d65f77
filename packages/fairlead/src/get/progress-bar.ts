import type { Output } from "../command.ts";
import { formatBytes } from "../terminal/quantities.ts";

/** Drawn no more often than this. */
const INTERVAL_MILLISECONDS = 100;
const BAR_WIDTH = 24;

/** Shows on one line of a terminal how far a transfer has come. */
export class ProgressBar {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #started: number;
  #drawn = Number.NEGATIVE_INFINITY;
  #visible = false;

  /** @param now milliseconds that only grow. */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#started = now();
  }

  /**
   * Draws the bar anew when that is due.
   *
   * @param totalBytes `undefined` when the sender did not say.
   * @param resumedFromBytes how much of what is done was there before.
   */
  update(doneBytes: number, totalBytes: number | undefined, resumedFromBytes = 0): void {
    const now = this.#now();
    if (now - this.#drawn < INTERVAL_MILLISECONDS) return;
    this.#drawn = now;
    this.#visible = true;
    const line = formatProgress(doneBytes, totalBytes, now - this.#started, resumedFromBytes);
    this.#output.write(`\r\x1b[K${line.slice(0, (this.#output.columns ?? 80) - 1)}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#visible) this.#output.write("\r\x1b[K");
    this.#visible = false;
  }
}

/**
 * Formats one state of a transfer: a bar where the total is known, what came and how fast.
 *
 * @param resumedFromBytes what was there before, and says nothing of how fast the rest comes.
 */
export function formatProgress(
  doneBytes: number,
  totalBytes: number | undefined,
  elapsedMilliseconds: number,
  resumedFromBytes = 0,
): string {
  const cameBytes = Math.max(0, doneBytes - resumedFromBytes);
  const rate = elapsedMilliseconds > 0 ? (cameBytes / elapsedMilliseconds) * 1000 : 0;
  const speed = `${formatBytes(rate)}/s`;
  if (totalBytes === undefined || totalBytes === 0) return `${formatBytes(doneBytes)}  ${speed}`;
  const part = Math.min(1, doneBytes / totalBytes);
  const filled = Math.floor(part * BAR_WIDTH);
  const bar = `[${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}]`;
  const left = rate > 0 ? `  ${Math.ceil((totalBytes - doneBytes) / rate)} s left` : "";
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  return `${bar} ${percent}  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}  ${speed}${left}`;
}
