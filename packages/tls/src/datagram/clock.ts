/** Time as a driver needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Runs `due` once, after so many milliseconds; what it returns cancels that. */
  schedule(milliseconds: number, due: () => void): () => void;
}

/** The machine's. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(milliseconds, due) {
    const timer = setTimeout(due, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
