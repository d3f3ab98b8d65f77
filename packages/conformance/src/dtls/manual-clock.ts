import type { Clock } from "@fairlead/tls/datagram";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Lets so many milliseconds pass, and runs in order what becomes due. */
  advance(milliseconds: number): void;
  /** Timers that wait. */
  readonly waiting: number;
}

/** Makes one that shows 0. */
export function manualClock(): ManualClock {
  const timers = new Set<{ readonly at: number; readonly due: () => void }>();
  let time = 0;
  return {
    get waiting() {
      return timers.size;
    },
    now: () => time,
    schedule(milliseconds, due) {
      const timer = { at: time + milliseconds, due };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
        if (next === undefined) break;
        timers.delete(next);
        time = next.at;
        next.due();
      }
      time = end;
    },
  };
}
