/** What waits for something, and can be told not to. */
export interface Alarm {
  clear(): void;
}

/** The time and the chance that a monitor goes by. */
export interface ConnectivityClock {
  /** Milliseconds of a clock that nobody sets. */
  monotonic(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** From 0 to 1. */
  random(): number;
  /** Calls back once, and keeps no process alive for it. */
  after(milliseconds: number, callback: () => void): Alarm;
}

/** The system's. */
export const systemClock: ConnectivityClock = {
  monotonic: () => performance.now(),
  wall: Date.now,
  random: Math.random,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds).unref();
    return {
      clear: (): void => {
        clearTimeout(timer);
      },
    };
  },
};
