/** One way to get there; its signal fires when another was faster, or when nobody waits any more. */
export type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/** How a race is run. */
export interface RaceOptions<T> {
  /** How long the latest attempt may take before the next starts as well. */
  readonly delayMilliseconds: number;
  readonly signal: AbortSignal | undefined;
  /** Closes what came second. */
  readonly discard: (late: T) => void;
}

/**
 * Starts attempts one after the other, each when the one before has failed or has not come in after a while, and takes the
 * first that succeeds. Earlier attempts run on meanwhile; those that lose are aborted.
 *
 * @throws AggregateError of all failures in the order of the attempts; or the signal's reason.
 * @see RFC 8305 section 5
 */
export function race<T>(attempts: readonly Attempt<T>[], options: RaceOptions<T>): Promise<T> {
  const { delayMilliseconds, signal, discard } = options;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const losing = new AbortController();
  const failures: unknown[] = [];
  let timer: NodeJS.Timeout | undefined;
  let started = 0;
  let failed = 0;
  let over = false;

  const finish = (settle: () => void): void => {
    over = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    settle();
    losing.abort();
  };
  const startNext = (): void => {
    clearTimeout(timer);
    const attempt = attempts[started];
    if (attempt === undefined) return;
    const index = started;
    started += 1;
    if (started < attempts.length) timer = setTimeout(startNext, delayMilliseconds);
    attempt(losing.signal).then(
      (result) => (over ? discard(result) : finish(() => resolve(result))),
      (error: unknown) => {
        if (over) return;
        failures[index] = error;
        failed += 1;
        if (failed === attempts.length) finish(() => reject(new AggregateError(failures, "every attempt failed")));
        else startNext();
      },
    );
  };
  const onAbort = (): void => finish(() => reject(signal?.reason));

  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) onAbort();
  else if (attempts.length === 0) finish(() => reject(new AggregateError([], "there is nothing to attempt")));
  else startNext();
  return promise;
}
