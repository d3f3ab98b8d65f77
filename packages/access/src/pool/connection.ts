import { Client } from "undici";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";
import { networkErrorFrom } from "../network-error.ts";
import type { Timeouts } from "../options.ts";
import type { Target } from "../target.ts";
import type { ConnectionFacts } from "../transaction.ts";
import type { Connector } from "./connector.ts";

/** What a connection tells the pool that owns it. */
export interface ConnectionOwner {
  /** The connection is free for the next request. */
  released(connection: Connection): void;
  /** The connection is gone and serves nothing more. */
  lost(connection: Connection): void;
}

/**
 * One connection to an origin, which serves one request at a time. undici's `Client` speaks HTTP/1.1 on it; a stream
 * that the peer closed after a response is replaced by the next request.
 */
export class Connection {
  readonly #owner: ConnectionOwner;
  readonly #client: Client;
  #facts: ConnectionFacts | undefined;
  #served = 0;
  #exchange: PooledExchange | undefined;
  #connecting: AbortController | undefined;
  #lost = false;

  constructor(target: Target, unverified: boolean, connector: Connector, timeouts: Timeouts, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#client = new Client(target.origin, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeouts.response,
      bodyTimeout: timeouts.body,
      keepAliveTimeout: timeouts.idle,
      connect: (_options, callback) => {
        const connecting = new AbortController();
        this.#connecting = connecting;
        connector({ target, unverified, signal: connecting.signal }).then(
          ({ stream, facts }) => {
            this.#connecting = undefined;
            this.#facts = facts;
            this.#served = 0;
            // undici asks for a socket and reads only what a Duplex has, and `alpnProtocol`.
            callback(null, stream as Parameters<typeof callback>[1] & object);
          },
          (error: unknown) => {
            this.#connecting = undefined;
            callback(error instanceof Error ? error : new Error("connect was aborted", { cause: error }), null);
          },
        );
      },
    });
    this.#client.on("disconnect", () => {
      if (this.#exchange === undefined) this.#lose();
    });
  }

  start(options: HopOptions, handler: DispatchHandler): void {
    const exchange = new PooledExchange(this, options, handler);
    this.#exchange = exchange;
    this.#client.dispatch(options, exchange);
  }

  /** Called by the exchange when its request is written. */
  began(options: HopOptions): void {
    if (this.#facts !== undefined) options.hop.markRequest(this.#facts, this.#served > 0);
    this.#served += 1;
  }

  /** Called by the exchange when nothing more will come; `intact` when the stream may serve again. */
  ended(intact: boolean): void {
    this.#exchange = undefined;
    if (this.#lost) return;
    if (intact && !this.#client.destroyed) this.#owner.released(this);
    else this.#lose();
  }

  /** Gives up a connection attempt that nobody waits for any longer. */
  abandon(reason: unknown): void {
    this.#connecting?.abort(reason);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async destroy(reason: Error): Promise<void> {
    this.abandon(reason);
    await this.#client.destroy(reason);
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#owner.lost(this);
    // Nothing waits on it: the stream is gone, or belongs to an upgrade.
    void this.#client.destroy().catch(() => undefined);
  }
}

/** One request on one connection: names its errors and gives the connection back. */
class PooledExchange implements DispatchHandler {
  readonly #connection: Connection;
  readonly #options: HopOptions;
  readonly #handler: DispatchHandler;
  #responded = false;
  #done = false;
  #onAbort: (() => void) | undefined;

  constructor(connection: Connection, options: HopOptions, handler: DispatchHandler) {
    this.#connection = connection;
    this.#options = options;
    this.#handler = handler;
    const signal = options.exchange.signal;
    if (signal !== undefined) {
      this.#onAbort = (): void => {
        connection.abandon(signal.reason);
      };
      signal.addEventListener("abort", this.#onAbort);
    }
  }

  onRequestStart(controller: DispatchController, context: unknown): void {
    this.#connection.began(this.#options);
    const signal = this.#options.exchange.signal;
    if (signal !== undefined) {
      this.#forgetAbort();
      this.#onAbort = (): void => {
        controller.abort(signal.reason as Error);
      };
      signal.addEventListener("abort", this.#onAbort);
    }
    this.#handler.onRequestStart?.(controller, context);
    if (signal?.aborted === true) controller.abort(signal.reason as Error);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    this.#responded = true;
    this.#handler.onResponseStart?.(controller, status, fields, message);
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#settle(true);
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: DispatchController, error: Error): void {
    this.#settle(false);
    const { signal } = this.#options.exchange;
    this.#handler.onResponseError?.(
      controller,
      // A fired signal's reason is the caller's own value, and is passed on as it is.
      signal?.aborted === true
        ? (signal.reason as Error)
        : networkErrorFrom(error, { peer: this.#options.target.peer, responseStarted: this.#responded }),
    );
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#settle(false);
    this.#handler.onRequestUpgrade?.(...upgrade);
  }

  #settle(intact: boolean): void {
    if (this.#done) return;
    this.#done = true;
    this.#forgetAbort();
    this.#connection.ended(intact);
  }

  #forgetAbort(): void {
    if (this.#onAbort !== undefined) this.#options.exchange.signal?.removeEventListener("abort", this.#onAbort);
  }
}
