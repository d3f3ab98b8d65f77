import type { ConnectionTerms } from "../agreement/connection-terms.ts";
import type { DispatchHandler, HopOptions } from "../dispatch.ts";
import type { Timeouts } from "../options.ts";
import type { Partition } from "../partition.ts";
import type { Route } from "../route/route.ts";
import type { Target } from "../target.ts";
import { failedController } from "./failed-controller.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import type { Connector } from "./connector.ts";

interface Waiting {
  readonly options: HopOptions;
  readonly handler: DispatchHandler;
  readonly onAbort: () => void;
}

/** What the connections of one pool have in common. */
export interface OriginPoolOptions {
  readonly target: Target;
  readonly route: Route;
  readonly unverified: boolean;
  readonly partition: Partition;
  readonly terms: ConnectionTerms;
  readonly connector: Connector;
  readonly timeouts: Timeouts;
  readonly connectionsLimit: number;
  /** Finds the pool for terms that were chosen inside a handshake. */
  readonly poolFor: (terms: ConnectionTerms) => OriginPool;
  /** Called when no connection is left and nobody waits. */
  readonly onEmpty: () => void;
}

/** The connections to one origin under one set of security settings. The one that was used last is used next. */
export class OriginPool implements ConnectionOwner {
  readonly #options: OriginPoolOptions;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Waiting>();
  #closing: PromiseWithResolvers<void> | undefined;

  constructor(options: OriginPoolOptions) {
    this.#options = options;
  }

  dispatch(options: HopOptions, handler: DispatchHandler): void {
    const { signal } = options.exchange;
    if (signal?.aborted === true) {
      handler.onResponseError?.(failedController, signal.reason as Error);
      return;
    }
    const connection = this.#idle.pop() ?? this.#open();
    if (connection !== undefined) connection.start(options, handler);
    else this.#enqueue(options, handler);
  }

  released(connection: Connection): void {
    const isOurs = connection.terms === this.#options.terms;
    const next = isOurs ? this.#next() : undefined;
    if (next !== undefined) {
      connection.start(next.options, next.handler);
    } else if (this.#closing !== undefined) {
      this.#retire(connection);
    } else if (isOurs) {
      this.#idle.push(connection);
    } else {
      this.#options.poolFor(connection.terms).#adopt(connection);
      this.lost(connection);
    }
  }

  /** Takes a connection from a pool of other terms. */
  #adopt(connection: Connection): void {
    connection.moveTo(this, this.#options.terms);
    this.#connections.add(connection);
    this.released(connection);
  }

  lost(connection: Connection): void {
    this.#connections.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    const next = this.#next();
    if (next !== undefined) this.dispatch(next.options, next.handler);
    else this.#checkEmpty();
  }

  /** Waits for what is under way or waiting, then closes every connection. */
  async close(): Promise<void> {
    this.#closing = Promise.withResolvers();
    for (const connection of this.#idle.splice(0)) this.#retire(connection);
    if (this.#connections.size === 0) return;
    await this.#closing.promise;
  }

  /** Ends everything at once; what is under way or waiting fails with `reason`. */
  async destroy(reason: Error): Promise<void> {
    for (const waiting of this.#waiting) {
      this.#forget(waiting);
      waiting.handler.onResponseError?.(failedController, reason);
    }
    await Promise.all([...this.#connections].map((connection) => connection.destroy(reason)));
  }

  #open(): Connection | undefined {
    const { target, route, unverified, partition, terms, connector, timeouts, connectionsLimit } = this.#options;
    if (this.#connections.size >= connectionsLimit) return undefined;
    const connection = new Connection(target, route, unverified, partition, terms, connector, timeouts, this);
    this.#connections.add(connection);
    return connection;
  }

  /** Closes a connection that serves nobody; whether that goes well changes nothing for anyone. */
  #retire(connection: Connection): void {
    void connection
      .close()
      .catch(() => undefined)
      .then(() => {
        this.#connections.delete(connection);
        this.#checkEmpty();
      });
  }

  #checkEmpty(): void {
    if (this.#connections.size > 0) return;
    this.#closing?.resolve();
    this.#options.onEmpty();
  }

  #enqueue(options: HopOptions, handler: DispatchHandler): void {
    const { signal } = options.exchange;
    const waiting: Waiting = {
      options,
      handler,
      onAbort: () => {
        this.#forget(waiting);
        handler.onResponseError?.(failedController, signal?.reason as Error);
      },
    };
    this.#waiting.add(waiting);
    signal?.addEventListener("abort", waiting.onAbort);
  }

  #next(): Waiting | undefined {
    const [waiting] = this.#waiting;
    if (waiting !== undefined) this.#forget(waiting);
    return waiting;
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    waiting.options.exchange.signal?.removeEventListener("abort", waiting.onAbort);
  }
}
