import { ProtocolError, UsageError } from "@fairlead/core";
import { Readable } from "node:stream";
import { FormData } from "undici";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";
import { networkErrorFrom } from "../network-error.ts";
import type { ContinueWatch } from "./skip-continue.ts";

/** Methods whose repetition changes nothing on the server. RFC 9110 section 9.2.2. */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** How the engine and the system say that a stream was closed by the other side. */
const LOSS_CODES: ReadonlySet<unknown> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/**
 * Interim responses to one request at the most. Each starts the deadline of the response anew, and a server that sends
 * them for ever would be waited for as long.
 */
const INTERIM_RESPONSES_LIMIT = 100;

/** What an exchange needs of the connection that it is on. */
export interface ExchangeConnection {
  /** Whether its stream served an earlier request. */
  readonly isReused: boolean;
  /** Whether there is a stream. */
  readonly isOpen: boolean;
  /** What the application destroyed the manager with. */
  readonly ending: Error | undefined;
  /** The request is written. */
  began(options: HopOptions): void;
  /** The stream was lost and the request may be made again; tells whether it is, once more, on a new stream. */
  repeat(exchange: PooledExchange): boolean;
  /** Nothing more will come; `intact` when the stream may serve again. */
  ended(intact: boolean): void;
  /** The request was never begun, and its stream, if that is not what failed, may serve another. */
  unbegun(): void;
  /** Gives up a connection attempt that nobody waits for any longer. */
  abandon(reason: unknown): void;
}

/**
 * One request on one connection: names its errors, gives the connection back, and makes the request again where a kept
 * connection turns out to be closed.
 */
export class PooledExchange implements DispatchHandler, ContinueWatch {
  readonly options: HopOptions;
  readonly #connection: ExchangeConnection;
  readonly #handler: DispatchHandler;
  #controller: DispatchController | undefined;
  /** Whether a byte of a response, of an interim one too, has come. */
  #began = false;
  /** Whether the end of a head is still to come. */
  #withinHead = false;
  /** Whether the head of the final response has come. */
  #responded = false;
  #interimResponses = 0;
  #thrown: unknown;
  #done = false;
  readonly #onAbort: (() => void) | undefined;

  constructor(connection: ExchangeConnection, options: HopOptions, handler: DispatchHandler) {
    this.#connection = connection;
    this.#handler = handler;
    this.options = isIterable(options.body) ? { ...options, body: nameFailure(options.body, options) } : options;
    const { signal } = options.exchange;
    if (signal === undefined) return;
    this.#onAbort = (): void => {
      if (this.#controller === undefined) connection.abandon(signal.reason);
      else this.#controller.abort(signal.reason as Error);
    };
    signal.addEventListener("abort", this.#onAbort);
  }

  get signal(): AbortSignal | undefined {
    return this.options.exchange.signal;
  }

  get awaitsHead(): boolean {
    return this.#controller !== undefined && !this.#withinHead && !this.#responded;
  }

  heard(): void {
    this.#began = true;
  }

  onRequestStart(controller: DispatchController, context: unknown): void {
    this.#controller = controller;
    this.#connection.began(this.options);
    try {
      this.#handler.onRequestStart?.(controller, context);
    } catch (error) {
      throw this.#note(error);
    }
    const { signal } = this;
    if (signal?.aborted === true) controller.abort(signal.reason as Error);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStarted(): void {
    this.#began = true;
    this.#withinHead = true;
    this.#handler.onResponseStarted?.();
  }

  onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    this.#withinHead = false;
    this.#responded = status >= 200;
    if (!this.#responded) this.#interimResponses += 1;
    if (this.#interimResponses > INTERIM_RESPONSES_LIMIT) {
      const detail = `more than ${String(INTERIM_RESPONSES_LIMIT)} interim responses`;
      const { peer } = this.options.target;
      controller.abort(new ProtocolError("RESPONSE_MALFORMED", { peer, operation: "request", detail }));
      return;
    }
    try {
      this.#handler.onResponseStart?.(controller, status, fields, message);
    } catch (error) {
      throw this.#note(error);
    }
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    try {
      this.#handler.onResponseData?.(controller, chunk);
    } catch (error) {
      throw this.#note(error);
    }
  }

  onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#settle("intact");
    try {
      this.#handler.onResponseEnd?.(controller, trailers);
    } catch (error) {
      throw this.#note(error);
    }
  }

  onResponseError(controller: DispatchController, error: Error): void {
    if (this.#mayRepeat(error)) {
      this.#controller = undefined;
      if (this.#connection.repeat(this)) return;
    }
    const named = this.#explain(error);
    if (this.#controller === undefined && this.#connection.isOpen) this.#settle("unbegun");
    else this.#settle("broken");
    endBody(this.options.body, named);
    this.#handler.onResponseError?.(controller, named);
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#settle("broken");
    this.#handler.onRequestUpgrade?.(...upgrade);
  }

  /**
   * Whether a kept connection was closed while the request was on its way: the server may do so at any moment, and
   * nobody is told whether it had read the request. Repeated where a second time changes nothing; once, since the
   * new connection is not a kept one.
   *
   * @see RFC 9110 section 9.2.2, RFC 9112 section 9.3.1
   */
  #mayRepeat(error: Error): boolean {
    if (this.#began || this.#done || !this.#connection.isReused) return false;
    const { method, body, idempotent = IDEMPOTENT_METHODS.has(method) } = this.options;
    return (
      idempotent &&
      ((body ?? null) === null || typeof body === "string" || body instanceof Uint8Array) &&
      this.#controller?.aborted === false &&
      this.signal?.aborted !== true &&
      "code" in error &&
      LOSS_CODES.has(error.code)
    );
  }

  /** What the caller, or a handler on the way, ended the exchange with is theirs and passed on as it is. */
  #explain(error: Error): Error {
    const { signal, options } = this;
    const { peer } = options.target;
    if (signal?.aborted === true) return signal.reason as Error;
    if (error === this.#connection.ending || error === this.#thrown) return error;
    if (this.#controller?.aborted === true) return error;
    if (options.body instanceof Readable && (options.body.errored === error || isBodyClosed(error))) {
      return new UsageError("REQUEST_BODY_FAILED", { peer, operation: "request", cause: error });
    }
    return networkErrorFrom(error, { peer, responseBegan: this.#withinHead, responseStarted: this.#responded });
  }

  /** Keeps what a handler threw: the engine ends the exchange with it as if it were its own. */
  #note(error: unknown): unknown {
    this.#thrown = error;
    return error;
  }

  #settle(stream: "intact" | "unbegun" | "broken"): void {
    if (this.#done) return;
    this.#done = true;
    if (this.#onAbort !== undefined) this.signal?.removeEventListener("abort", this.#onAbort);
    if (stream === "unbegun") this.#connection.unbegun();
    else this.#connection.ended(stream === "intact");
  }
}

type Body = HopOptions["body"];
type IterableBody = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Whether the body is an iterable of the application's own, whose failure the engine cannot tell from the stream's. */
export function isIterable(body: Body): body is Body & IterableBody {
  if (typeof body !== "object" || body === null || body instanceof Uint8Array || body instanceof Readable) return false;
  // A form can be iterated, too, and is not a sequence of bytes.
  return Symbol.asyncIterator in body || (Symbol.iterator in body && !(body instanceof FormData));
}

function nameFailure(body: IterableBody, { target }: HopOptions): Readable {
  const named = async function* (): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (cause) {
      throw new UsageError("REQUEST_BODY_FAILED", { peer: target.peer, operation: "request", cause });
    }
  };
  // The engine reads any iterable; its type names Readable only.
  return named() as unknown as Readable;
}

/** The engine's word for a body that was destroyed before its end. */
function isBodyClosed(error: Error): boolean {
  return "code" in error && error.code === "UND_ERR_ABORTED";
}

/** Nobody reads a request's stream once the request has failed. */
function endBody(body: Body, reason: Error): void {
  if (!(body instanceof Readable) || body.destroyed) return;
  body.on("error", () => undefined);
  body.destroy(reason);
}
