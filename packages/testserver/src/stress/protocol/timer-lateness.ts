import { randomFrom } from "../../faults/protocol/random.ts";

/** How late one timer comes. */
export type TimerLateness = () => number;

const share = 0.4;
const mostMilliseconds = 150;

/**
 * Decides for one timer after another how many milliseconds later it comes than it was asked for; most come in time.
 *
 * Node.js makes no guarantee about when timers fire, nor about their order: never earlier is all that is promised.
 *
 * @see https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
 */
export function timerLateness(seed: number): TimerLateness {
  const random = randomFrom(seed);
  return () => {
    const isLate = random() < share;
    const lateness = Math.ceil(random() * mostMilliseconds);
    return isLate ? lateness : 0;
  };
}
