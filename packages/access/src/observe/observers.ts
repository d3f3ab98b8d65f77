import { fieldPairs, type RequestFields } from "../request-fields.ts";
import type { ConnectionFacts, Hop } from "../transaction.ts";
import { connectionChannel, diagnosticsObserver, hopChannel } from "./diagnostics.ts";
import type { AttemptObserver, ObservedRequest, Observer, RequestObserver } from "./observer.ts";

/** What watches one manager. Nothing that an observer does harms a request. */
export class Observers {
  #observers: readonly Observer[] = [];

  /** @returns what ends it; harmless a second time. */
  add(observer: Observer): Disposable {
    // Of one that is added twice, each ends by itself.
    const added: Observer = {
      requestStarted: (request) => observer.requestStarted?.(request),
      connectionOpened: (connection, origin) => observer.connectionOpened?.(connection, origin),
      connectionFailed: (error, origin) => observer.connectionFailed?.(error, origin),
      connectionClosed: (connection, origin) => observer.connectionClosed?.(connection, origin),
    };
    this.#observers = [...this.#observers, added];
    return {
      [Symbol.dispose]: () => {
        this.#observers = this.#observers.filter((each) => each !== added);
      },
    };
  }

  /** Whether anybody looks at requests. */
  get isWatching(): boolean {
    return this.#observers.length > 0 || hopChannel.hasSubscribers;
  }

  /** @returns what watches this request; `undefined` for nothing. */
  requestStarted(request: ObservedRequest): RequestWatch | undefined {
    const observers = hopChannel.hasSubscribers ? [...this.#observers, diagnosticsObserver] : this.#observers;
    const watching = observers
      .map((observer) => guarded(() => observer.requestStarted?.(request)))
      .filter((observer) => observer !== undefined);
    return watching.length === 0 ? undefined : new RequestWatch(watching);
  }

  connectionOpened(connection: ConnectionFacts, origin: string): void {
    for (const observer of this.#forConnections()) guarded(() => observer.connectionOpened?.(connection, origin));
  }

  connectionFailed(error: unknown, origin: string): void {
    for (const observer of this.#forConnections()) guarded(() => observer.connectionFailed?.(error, origin));
  }

  connectionClosed(connection: ConnectionFacts, origin: string): void {
    for (const observer of this.#forConnections()) guarded(() => observer.connectionClosed?.(connection, origin));
  }

  #forConnections(): readonly Observer[] {
    return connectionChannel.hasSubscribers ? [...this.#observers, diagnosticsObserver] : this.#observers;
  }
}

/** All that watch one request. */
export class RequestWatch {
  readonly #observers: readonly RequestObserver[];
  #attempts = 0;

  constructor(observers: readonly RequestObserver[]) {
    this.#observers = observers;
  }

  hopStarted(hop: Hop): void {
    for (const observer of this.#observers) guarded(() => observer.hopStarted?.(hop));
  }

  hopEnded(hop: Hop): void {
    for (const observer of this.#observers) guarded(() => observer.hopEnded?.(hop));
  }

  /** @returns what watches it; `undefined` for nothing. */
  attemptStarted(hop: Hop, headers: RequestFields | null): Required<AttemptObserver> | undefined {
    const attempt = {
      hop,
      number: this.#attempts++,
      field: (wanted: string) => fieldPairs(headers).find(([name]) => name === wanted)?.[1],
    };
    const watching = this.#observers
      .map((observer) => guarded(() => observer.attemptStarted?.(attempt)))
      .filter((observer) => observer !== undefined);
    if (watching.length === 0) return undefined;
    return {
      fields: watching.flatMap(({ fields }) => fields ?? []),
      ended: (status, error) => {
        for (const observer of watching) guarded(() => observer.ended?.(status, error));
      },
    };
  }

  ended(error: Error | undefined): void {
    for (const observer of this.#observers) guarded(() => observer.ended?.(error));
  }
}

function guarded<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : new Error("an observer threw what is no error"));
    return undefined;
  }
}
