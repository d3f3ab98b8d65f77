const FIRST_MILLISECONDS = 250;
const LONGEST_MILLISECONDS = 5_000;

/**
 * How long to wait before the events are asked for again: soon at first, then twice as long each time, to five seconds.
 *
 * @param attempt counts from 0 since the connection was last there.
 */
export function reconnectDelayMilliseconds(attempt: number): number {
  return Math.min(FIRST_MILLISECONDS * 2 ** Math.min(attempt, 10), LONGEST_MILLISECONDS);
}
