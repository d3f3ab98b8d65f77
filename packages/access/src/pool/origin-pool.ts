import type { ConnectionTerms } from "../agreement/connection-terms.ts";
import type { DispatchHandler, HopOptions } from "../dispatch.ts";
import type { Connector, OpenedConnection } from "./connector.ts";
import { failedController } from "./failed-controller.ts";
import { ConnectionLoss } from "./http-connection.ts";
import { Opening, type OpeningFacts } from "./opening.ts";
import { PooledConnection, type ConnectionOwner, type SpeakHttp } from "./pooled-connection.ts";
import { PooledExchange, type WaitingRoom } from "./pooled-exchange.ts";
import type { ProtocolMemory } from "./protocol-memory.ts";

/** What the connections of one pool have in common. */
export interface OriginPoolOptions extends OpeningFacts {
  readonly connector: Connector;
  readonly speak: SpeakHttp;
  readonly connectionsLimit: number;
  /** What the origin is known to speak; `undefined` where it is HTTP/1.1 in any case. */
  readonly protocol: ProtocolMemory | undefined;
  /** Finds the pool for terms that were chosen later, inside a handshake or by authentication, or for what came to be known. */
  readonly poolFor: (terms: ConnectionTerms) => OriginPool;
  /** Finds the pool of the same connections by HTTP/1.1 alone. */
  readonly http1Pool: () => OriginPool;
  /** Called when no connection is left and nobody waits. */
  readonly onEmpty: () => void;
}

/**
 * The connections to one origin under one set of security settings. A request takes the connection that was used last of
 * those that are free, or waits for the first that is: one that is opened for it, or one that somebody else gives back.
 */
export class OriginPool implements ConnectionOwner, WaitingRoom {
  readonly #options: OriginPoolOptions;
  readonly #connections = new Set<PooledConnection>();
  /** Those that may serve, the one that was used last at the end. */
  readonly #free: PooledConnection[] = [];
  readonly #openings = new Set<Opening<PooledExchange>>();
  /** In the order in which they came. */
  readonly #waiting = new Set<PooledExchange>();
  #closing: PromiseWithResolvers<void> | undefined;
  /** Nobody finds it any more. */
  #isForgotten = false;
  /** What the application destroyed the manager with. */
  #ending: { readonly reason: Error } | undefined;

  constructor(options: OriginPoolOptions) {
    this.#options = options;
  }

  dispatch(options: HopOptions, handler: DispatchHandler): void {
    const { signal } = options.exchange;
    if (signal?.aborted === true) handler.onResponseError?.(failedController, signal.reason as Error);
    else this.serve(new PooledExchange(options, handler, this));
  }

  /** Begins a request now or when it can be. */
  serve(exchange: PooledExchange): void {
    const { hold } = exchange.options;
    const held = hold?.connection;
    if (this.#ending !== undefined) exchange.fail(this.#ending.reason);
    else if (this.#isForgotten || this.#options.protocol?.needsHttp1 === true)
      this.#options.poolFor(this.#options.terms).serve(exchange);
    else if (exchange.options.upgrade !== undefined && this.#options.protocol?.refusesExtendedConnect === true)
      this.#options.http1Pool().serve(exchange);
    else if (hold?.state === "lost") exchange.fail(new ConnectionLoss("no", undefined));
    else if (held instanceof PooledConnection) held.follow(exchange);
    else if (!this.#serveNow(exchange)) this.#enqueue(exchange);
  }

  freed(connection: PooledConnection): void {
    // It was given up before its handshake was over.
    if (connection.isEarly && connection.protocol === "http/1.1") {
      connection.destroy(new Error("nothing else may go as early data in the place of what was given up"));
      return;
    }
    if (!this.#keepsItsTerms(connection)) return;
    this.#serveWaiting(connection);
    if (this.#closing !== undefined) this.#abandonSpare();
    if (connection.capacity === 0) return;
    if (this.#closing !== undefined && this.#waiting.size === 0) this.#retire(connection);
    else if (!this.#free.includes(connection)) this.#free.push(connection);
    // Who still waits needs another one, for which this one may have to make room.
    if (this.#waiting.size > 0) this.#open();
  }

  draining(connection: PooledConnection): void {
    this.#remove(connection);
    this.#open();
  }

  lost(connection: PooledConnection): void {
    this.#remove(connection);
    this.#connections.delete(connection);
    this.#open();
    this.#checkEmpty();
  }

  /** A request waits no longer. */
  leave(exchange: PooledExchange): void {
    this.#waiting.delete(exchange);
    const { opening } = exchange;
    if (opening === undefined) return;
    opening.orphan();
    this.#open();
    if (opening.initiator === undefined) this.#abandon(opening);
    this.#checkEmpty();
  }

  /** Waits for what is under way or waiting, then closes every connection. */
  async close(): Promise<void> {
    this.#closing ??= Promise.withResolvers();
    for (const connection of this.#free.splice(0)) this.#retire(connection);
    this.#abandonSpare();
    this.#checkEmpty();
    await this.#closing.promise;
  }

  /** Ends everything at once; what is under way or waiting fails with `reason`. */
  destroy(reason: Error): void {
    this.#ending = { reason };
    for (const exchange of this.#waiting) exchange.fail(reason);
    for (const connection of this.#connections) connection.destroy(reason);
    this.#abandonSpare();
    this.#checkEmpty();
  }

  /** Takes a connection from a pool of other terms. */
  #adopt(connection: PooledConnection): void {
    connection.moveTo(this, this.#options.terms);
    this.#connections.add(connection);
    if (this.#ending !== undefined) connection.destroy(this.#ending.reason);
    else if (connection.capacity > 0) this.freed(connection);
  }

  #serveNow(exchange: PooledExchange): boolean {
    for (let index = this.#free.length - 1; index >= 0; index -= 1) {
      const connection = this.#free[index];
      if (connection?.canServe(exchange) !== true || !connection.isNewFor(exchange)) continue;
      connection.serve(exchange);
      if (connection.capacity === 0) this.#remove(connection);
      return true;
    }
    return false;
  }

  #enqueue(exchange: PooledExchange): void {
    this.#waiting.add(exchange);
    exchange.room = this;
    this.#open();
  }

  /** Gives those that wait to a connection that may serve, the first first. */
  #serveWaiting(connection: PooledConnection): void {
    for (const exchange of this.#waiting) {
      if (connection.capacity === 0) return;
      if (!connection.canServe(exchange) || !connection.isNewFor(exchange)) continue;
      this.#begin(exchange, connection);
    }
  }

  #begin(exchange: PooledExchange, connection: PooledConnection): void {
    this.#waiting.delete(exchange);
    exchange.opening?.orphan();
    connection.serve(exchange);
  }

  /** Sees to it that something is being opened for everyone who waits, as far as the limit goes. */
  #open(): void {
    const one = this.#options.protocol?.awaitsOne === true;
    if (one && this.#isSoonFree()) return;
    for (const exchange of this.#waiting) {
      if (exchange.opening !== undefined) {
        if (one) return;
        continue;
      }
      const orphan = this.#orphanFor(exchange);
      if (orphan !== undefined) orphan.assign(exchange);
      else if (this.#mayOpen(exchange)) this.#openFor(exchange);
      else return;
      if (one) return;
    }
  }

  /** Whether a connection will take all who wait as soon as its handshake is over. */
  #isSoonFree(): boolean {
    for (const connection of this.#connections) {
      if (connection.isEarly && connection.protocol === "h2" && connection.capacity > 0) return true;
    }
    return false;
  }

  #orphanFor(exchange: PooledExchange): Opening<PooledExchange> | undefined {
    for (const opening of this.#openings) {
      if (opening.initiator === undefined && opening.suits(exchange)) return opening;
    }
    return undefined;
  }

  #mayOpen({ lostAt, needsUnused }: PooledExchange): boolean {
    if (this.#connections.size + this.#openings.size < this.#options.connectionsLimit) return true;
    // One that is kept, and not good enough, makes room.
    const oldest = lostAt === undefined && !needsUnused ? undefined : this.#free.shift();
    if (oldest !== undefined) this.#retire(oldest);
    return false;
  }

  #openFor(exchange: PooledExchange): void {
    const opening = new Opening(exchange);
    this.#openings.add(opening);
    this.#options.connector(opening.request(this.#options)).then(
      (opened) => {
        this.#opened(opening, opened);
      },
      (error: unknown) => {
        this.#failed(opening, error);
      },
    );
  }

  #opened(opening: Opening<PooledExchange>, opened: OpenedConnection): void {
    this.#openings.delete(opening);
    if (opening.isAbandoned) {
      if (opened.sharing?.type !== "joins") opened.stream.destroy();
      return;
    }
    const connection = new PooledConnection(opened, this, this.#options.speak);
    this.#connections.add(connection);
    this.#options.protocol?.note(connection.protocol);
    const { initiator } = opening;
    opening.orphan();
    if (initiator !== undefined) this.#begin(initiator, connection);
    if (connection.capacity > 0) this.freed(connection);
    else this.#keepsItsTerms(connection);
    if (connection.protocol === "h2") this.#abandonSpare();
    else this.#open();
  }

  #failed(opening: Opening<PooledExchange>, error: unknown): void {
    if (opening.isAbandoned) return;
    this.#openings.delete(opening);
    this.#options.protocol?.noteFailure();
    const { initiator } = opening;
    opening.orphan();
    initiator?.fail(error instanceof Error ? error : new Error("connecting was aborted", { cause: error }));
    this.#open();
    this.#checkEmpty();
  }

  /** Gives up what is being opened, and nobody waits for. */
  #abandonSpare(): void {
    this.#open();
    for (const opening of this.#openings) if (opening.initiator === undefined) this.#abandon(opening);
  }

  #abandon(opening: Opening<PooledExchange>): void {
    this.#openings.delete(opening);
    opening.abandon(new Error("nobody waits for this connection any more"));
  }

  /** Hands a connection over whose terms have turned out to be others. */
  #keepsItsTerms(connection: PooledConnection): boolean {
    if (connection.terms === this.#options.terms) return true;
    const { terms } = connection;
    this.#remove(connection);
    this.#connections.delete(connection);
    this.#options.poolFor(terms).#adopt(connection);
    this.#open();
    this.#checkEmpty();
    return false;
  }

  #remove(connection: PooledConnection): void {
    const index = this.#free.indexOf(connection);
    if (index !== -1) this.#free.splice(index, 1);
  }

  /** Closes a connection that serves nobody; it is lost when that is done. */
  #retire(connection: PooledConnection): void {
    void connection.close();
  }

  #checkEmpty(): void {
    if (this.#connections.size + this.#openings.size + this.#waiting.size > 0) return;
    this.#closing?.resolve();
    if (this.#isForgotten) return;
    this.#isForgotten = true;
    this.#options.onEmpty();
  }
}
