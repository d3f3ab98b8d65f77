import { setTimeout as delay } from "node:timers/promises";
import type { Health } from "./health.ts";
import type { DrainOptions } from "./open-connections.ts";

/** What can be closed: a server, or workers. */
export interface Closable {
  close(options: DrainOptions): Promise<void>;
}

/** How a process ends its server. */
export interface CloseOnSignalsOptions extends DrainOptions {
  /** `SIGTERM` and `SIGINT` by default. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Told first that the server leaves. */
  readonly health?: Pick<Health, "leave"> | undefined;
  /** From the signal until the server takes no more connections, for balancers that have to notice; 0 by default. */
  readonly delayMilliseconds?: number | undefined;
}

/** A server that closes when its process is told to end; disposing of it leaves the signals alone again. */
export interface ClosingOnSignals extends Disposable {
  /** Resolves when a signal has come and the server has closed; rejects when closing fails. */
  readonly closed: Promise<void>;
}

/**
 * Has a server drain when its process gets SIGTERM or SIGINT, and cut what is left at a second one. A third ends the
 * process, as signals do that nobody handles. The process is not ended otherwise: it ends when nothing is left to do.
 *
 * @example
 * const server = await serve({ fetch });
 * await closeOnSignals(server, { graceMilliseconds: 20_000 }).closed;
 * await pool.end();
 */
export function closeOnSignals(server: Closable, options: CloseOnSignalsOptions = {}): ClosingOnSignals {
  const { signals = ["SIGTERM", "SIGINT"], health, delayMilliseconds = 0, ...graceful } = options;
  const { promise: closed, resolve, reject } = Promise.withResolvers<undefined>();
  // Whoever does not look at it has the server's own errors.
  closed.catch(() => undefined);
  const impatience = new AbortController();
  let count = 0;
  const forget = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  const close = async (): Promise<undefined> => {
    health?.leave();
    if (delayMilliseconds > 0) {
      await delay(delayMilliseconds, undefined, { signal: impatience.signal }).catch(() => undefined);
    }
    await server.close(impatience.signal.aborted ? { ...graceful, graceMilliseconds: 0 } : graceful);
    return undefined;
  };
  const onSignal = (): void => {
    count += 1;
    if (count === 1) {
      close().finally(forget).then(resolve, reject);
      return;
    }
    forget();
    impatience.abort();
    server.close({ ...graceful, graceMilliseconds: 0 }).catch(reject);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return { closed, [Symbol.dispose]: forget };
}
