/** What a call costs its client. */
export interface CallCost {
  /** CPU time of this process, user and system, for one call. */
  readonly microseconds: number;
  /** Calls a second. */
  readonly rate: number;
}

/**
 * Makes as many calls as are to be measured, and then those: a service runs warm, and the compiler works on threads whose time
 * counts.
 */
export async function callCost(
  once: () => Promise<unknown>,
  { concurrency, count }: { readonly concurrency: number; readonly count: number },
): Promise<CallCost> {
  await call(once, concurrency, count);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await call(once, concurrency, count);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { microseconds: (user + system) / count, rate: count / seconds };
}

async function call(once: () => Promise<unknown>, concurrency: number, total: number): Promise<void> {
  let left = total;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await once();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
