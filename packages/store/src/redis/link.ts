import type { ConnectAttempt } from "./connector.ts";
import type { RedisConnection } from "./connection.ts";

/** What {@link EngineLink} works with. */
export interface EngineLinkOptions {
  readonly connect: (attempt: ConnectAttempt) => Promise<RedisConnection>;
  /** Brings a new connection up to date, before anybody else gets it. What it throws ends the connection. */
  readonly prepare: (connection: RedisConnection, hold: boolean) => Promise<void>;
  /** Once an outage. */
  readonly onLost: (reason: Error) => void;
  readonly onBack: () => void;
  readonly connectMilliseconds: number;
}

const firstDelayMilliseconds = 100;
const lastDelayMilliseconds = 5_000;

/** Keeps a connection to the engine, makes a new one whenever it is lost, and says so. Waiting keeps no process alive. */
export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #closed = new AbortController();
  #connection: RedisConnection | undefined;
  #isLost = false;
  #failures = 0;

  constructor(options: EngineLinkOptions) {
    this.#options = options;
  }

  /** `undefined` while the engine cannot be reached. */
  get connection(): RedisConnection | undefined {
    return this.#connection;
  }

  /** Connects for the first time. What it rejects with leaves the link as it was. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    await this.#connect(true, signal);
  }

  /** Goes on trying after `open` has failed. */
  openLater(reason: Error): void {
    this.#lose(reason);
  }

  close(): void {
    this.#closed.abort(new Error("the store is closed"));
    this.#connection = undefined;
  }

  async #connect(hold: boolean, signal?: AbortSignal): Promise<void> {
    const { connect, prepare, connectMilliseconds } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new Error(`no connection within ${String(connectMilliseconds)} ms`));
    }, connectMilliseconds);
    if (!hold) timer.unref();
    const connection = await connect({
      signal: AbortSignal.any([this.#closed.signal, late.signal, ...(signal === undefined ? [] : [signal])]),
      hold,
    }).finally(() => {
      clearTimeout(timer);
    });
    try {
      await prepare(connection, hold);
      this.#closed.signal.throwIfAborted();
      signal?.throwIfAborted();
    } catch (error) {
      connection.destroy(asError(error));
      throw error;
    }
    this.#connection = connection;
    this.#failures = 0;
    void connection.ended.then((reason) => {
      this.#connection = undefined;
      this.#lose(reason);
    });
  }

  #lose(reason: Error): void {
    if (this.#closed.signal.aborted) return;
    if (!this.#isLost) {
      this.#isLost = true;
      this.#options.onLost(reason);
    }
    // Spread, so that a fleet does not come back as one.
    const delay = Math.min(lastDelayMilliseconds, firstDelayMilliseconds * 2 ** this.#failures++);
    setTimeout(this.#retry, delay * (0.5 + Math.random() / 2)).unref();
  }

  readonly #retry = (): void => {
    if (this.#closed.signal.aborted) return;
    this.#connect(false).then(
      () => {
        this.#isLost = false;
        this.#options.onBack();
      },
      (error: unknown) => {
        this.#lose(asError(error));
      },
    );
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
