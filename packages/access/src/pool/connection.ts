import { type buildConnector, Client } from "undici";
import type { Duplex } from "node:stream";
import type { ConnectionTerms } from "../agreement/connection-terms.ts";
import type { DispatchHandler, HopOptions } from "../dispatch.ts";
import { networkErrorFrom } from "../network-error.ts";
import type { Timeouts } from "../options.ts";
import type { Partition } from "../partition.ts";
import type { Route } from "../route/route.ts";
import type { Target } from "../target.ts";
import type { ConnectionFacts } from "../transaction.ts";
import type { ConnectRequest } from "./connect-request.ts";
import type { Connector, OpenedConnection } from "./connector.ts";
import { type ExchangeConnection, PooledExchange } from "./pooled-exchange.ts";
import { skipContinue } from "./skip-continue.ts";

/** What a connection tells the pool that owns it. */
export interface ConnectionOwner {
  /** The connection is free for the next request. */
  released(connection: Connection): void;
  /** The connection is gone and serves nothing more. */
  lost(connection: Connection): void;
}

type EngineSocket = Parameters<buildConnector.Callback>[1] & object;

/** Connections that one request may try: the one that was kept, if that was lost, and one more. */
const ATTEMPTS_LIMIT = 2;

/**
 * One connection to an origin, which serves one request at a time. undici's `Client` speaks HTTP/1.1 on it; a stream
 * that the peer closed after a response is replaced by the next request.
 */
export class Connection implements ExchangeConnection {
  #owner: ConnectionOwner;
  /** What it is made by: the pool's terms, until something is chosen inside a handshake. */
  #made: Pick<OpenedConnection, "terms" | "isEarly">;
  readonly #client: Client;
  readonly #target: Target;
  #facts: ConnectionFacts | undefined;
  #stream: Duplex | undefined;
  #served = 0;
  #exchange: PooledExchange | undefined;
  /** Streams that were opened for the exchange under way. */
  #attempts = 0;
  #connecting: AbortController | undefined;
  #lost = false;
  #ending: Error | undefined;

  constructor(
    target: Target,
    route: Route,
    unverified: boolean,
    partition: Partition,
    terms: ConnectionTerms,
    connector: Connector,
    timeouts: Timeouts,
    owner: ConnectionOwner,
  ) {
    this.#owner = owner;
    this.#made = { terms, isEarly: false };
    this.#target = target;
    let loss: Error | undefined;
    this.#client = new Client(target.origin, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeouts.response,
      bodyTimeout: timeouts.body,
      keepAliveTimeout: timeouts.idle,
      connect: (_options, connected) => {
        this.#attempts += 1;
        // The engine opens streams for as long as the peer closes them before the request is written.
        if (this.#attempts > ATTEMPTS_LIMIT) connected(this.#nameLoss(loss), null);
        else this.#connect(connector, { route, unverified, partition }, connected);
      },
    });
    this.#client.on("disconnect", (_origin, _targets, error) => {
      this.#facts = undefined;
      this.#stream = undefined;
      loss = error;
      if (this.#exchange === undefined) this.#lose();
    });
  }

  start(options: HopOptions, handler: DispatchHandler): void {
    const exchange = new PooledExchange(this, options, handler);
    this.#exchange = exchange;
    this.#attempts = 0;
    this.#client.dispatch(exchange.options, exchange);
  }

  /** What it is made by: the pool's terms, until something is chosen inside a handshake. */
  get terms(): ConnectionTerms {
    return this.#made.terms;
  }

  /** Moves to another pool, which is told what happens from then on. */
  moveTo(owner: ConnectionOwner, terms: ConnectionTerms): void {
    this.#owner = owner;
    this.#made = { terms, isEarly: false };
  }

  get isReused(): boolean {
    return this.#served > 1;
  }

  get isOpen(): boolean {
    return this.#facts !== undefined;
  }

  get ending(): Error | undefined {
    return this.#ending;
  }

  began(options: HopOptions): void {
    this.#served += 1;
    if (this.#facts !== undefined) options.hop.markRequest(this.#facts, this.isReused);
  }

  repeat(exchange: PooledExchange): boolean {
    if (this.#client.destroyed) return false;
    this.#client.dispatch(exchange.options, exchange);
    return true;
  }

  ended(intact: boolean): void {
    this.#exchange = undefined;
    if (this.#lost) return;
    // Nothing else may go as early data in the place of a request that was given up.
    if (intact && !this.#client.destroyed && !this.#made.isEarly) this.#owner.released(this);
    else this.#lose();
  }

  unbegun(): void {
    this.#exchange = undefined;
    // A field that cannot be sent, or bytes that nobody asked for: those end the stream, and the engine fails its whole
    // queue for them. A request that joined the queue at that moment would break an assertion, and with it the process.
    queueMicrotask(() => {
      this.ended(true);
    });
  }

  abandon(reason: unknown): void {
    this.#connecting?.abort(reason);
  }

  async close(): Promise<void> {
    // With close_notify: servers forget the session of a connection that is cut (OpenSSL), and with it early data.
    this.#stream?.end();
    await this.#client.close();
  }

  async destroy(reason: Error): Promise<void> {
    this.#ending = reason;
    this.abandon(reason);
    await this.#client.destroy(reason);
  }

  #connect(
    connector: Connector,
    place: Pick<ConnectRequest, "route" | "unverified" | "partition">,
    connected: buildConnector.Callback,
  ): void {
    const connecting = new AbortController();
    this.#connecting = connecting;
    // It may have fired while a kept stream was found to be closed, and nothing was being connected.
    const signal = this.#exchange?.signal;
    if (signal?.aborted === true) connecting.abort(signal.reason);
    const { agreement, mayBeEarly = false } = this.#exchange?.options ?? {};
    connector({
      target: this.#target,
      ...place,
      terms: this.#made.terms,
      mayBeEarly,
      chooseIdentity: agreement?.chooseIdentity,
      judgeCertificate: agreement?.judgeCertificate,
      signal: connecting.signal,
      timeouts: this.#exchange?.options.exchange.timeouts,
    }).then(
      (opened) => {
        const { stream, facts } = opened;
        this.#connecting = undefined;
        this.#made = opened;
        this.#facts = facts;
        this.#stream = stream;
        this.#served = 0;
        connected(null, this.#prepare(stream));
      },
      (error: unknown) => {
        this.#connecting = undefined;
        connected(error instanceof Error ? error : new Error("connect was aborted", { cause: error }), null);
      },
    );
  }

  #prepare(stream: Duplex): EngineSocket {
    // undici asks for a socket and reads only what a Duplex has, and `alpnProtocol`.
    return skipContinue(stream, () => this.#exchange) as EngineSocket;
  }

  #nameLoss(loss: Error | undefined): Error {
    return networkErrorFrom(loss, { peer: this.#target.peer, responseBegan: false, responseStarted: false });
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#owner.lost(this);
    // Nothing waits on it: the stream is gone, or belongs to an upgrade.
    void this.#client.destroy().catch(() => undefined);
  }
}
