import { untilAborted } from "@fairlead/access";

/** What time is, and how it passes. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** @throws the signal's reason. */
  readonly wait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Of the machine. */
export const systemClock: Clock = {
  now: Date.now,
  async wait(milliseconds, signal) {
    let timer: NodeJS.Timeout | undefined;
    try {
      await untilAborted([signal], () => new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds))));
    } finally {
      clearTimeout(timer);
    }
  },
};
