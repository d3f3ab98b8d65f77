/**
 * Waits for an answer no longer than the signals allow, and asks for none where one of them has fired. What is answered later
 * is nobody's.
 *
 * @throws what `ask` throws, or the reason of the signal that fires first.
 */
export async function untilAborted<Answer>(
  signals: readonly (AbortSignal | undefined)[],
  ask: () => Answer | Promise<Answer>,
): Promise<Answer> {
  for (const signal of signals) signal?.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  // Nobody waits for it where asking throws at once.
  aborted.catch(() => undefined);
  const onAbort = ({ target }: Event): void => {
    // Listened for on signals only.
    reject((target as AbortSignal).reason);
  };
  for (const signal of signals) signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([ask(), aborted]);
  } finally {
    for (const signal of signals) signal?.removeEventListener("abort", onAbort);
  }
}

/** Lets time pass. @throws the reason of the signal that fires first. */
export async function waitFor(milliseconds: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await untilAborted(signals, () => new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds))));
  } finally {
    clearTimeout(timer);
  }
}
