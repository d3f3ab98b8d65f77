import { TimeoutError, type TimeoutPhase } from "@fairlead/core";

/** Counts down the phases of one attempt, one after the other, and stands still while somebody is asked. */
export class PhaseClock {
  readonly #onOver: (phase: TimeoutPhase) => void;
  #phase: TimeoutPhase;
  #left: number;
  #started = 0;
  #questions = 0;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(phase: TimeoutPhase, milliseconds: number, onOver: (phase: TimeoutPhase) => void) {
    this.#phase = phase;
    this.#left = milliseconds;
    this.#onOver = onOver;
    this.#start();
  }

  /** The phase before is over, and another begins. */
  enter(phase: TimeoutPhase, milliseconds: number): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#phase = phase;
    this.#left = milliseconds;
    if (this.#questions === 0) this.#start();
  }

  async stopFor<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    if (this.#questions === 0) {
      clearTimeout(this.#timer);
      this.#left -= performance.now() - this.#started;
    }
    this.#questions += 1;
    try {
      return await question();
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0 && !this.#ended) this.#start();
    }
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#started = performance.now();
    this.#timer = setTimeout(
      () => {
        this.#onOver(this.#phase);
      },
      Math.max(1, this.#left),
    );
  }
}

/**
 * Runs what has phases under a clock and the caller's signal, and waits no longer than they allow.
 *
 * @param waitingFor its `peer` is the one that a deadline's error names, and may change on the way.
 * @throws TimeoutError with the phase; the signal's reason; or what `run` threw.
 */
export async function withDeadline<Result>(
  phase: TimeoutPhase,
  milliseconds: number,
  waitingFor: { readonly peer: string },
  signal: AbortSignal,
  run: (signal: AbortSignal, clock: PhaseClock) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    deadline.abort(reason);
    reject(reason);
  };
  const clock = new PhaseClock(phase, milliseconds, (late) => {
    end(new TimeoutError(late, { peer: waitingFor.peer, operation: late }));
  });
  const onAbort = (): void => {
    end(signal.reason);
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([run(deadline.signal, clock), ended]);
  } finally {
    clock.end();
    signal.removeEventListener("abort", onAbort);
  }
}
