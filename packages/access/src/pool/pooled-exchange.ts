import { ProtocolError } from "@fairlead/core";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";
import { lossErrorFrom } from "../network-error.ts";
import type { ConnectionFacts } from "../transaction.ts";
import { failedController } from "./failed-controller.ts";
import { ConnectionLoss } from "./http-connection.ts";
import { isIdempotent } from "./idempotent.ts";
import type { Initiator, Opening } from "./opening.ts";
import { isWhole, OneTimeBody } from "./request-body-source.ts";

/**
 * Interim responses to one request at the most. Each starts the deadline of the response anew, and a server that sends
 * them for ever would be waited for as long.
 */
const INTERIM_RESPONSES_LIMIT = 100;

/** Times that a request is made again because its connection was lost, each one certainly before the peer acted on it. */
const REPEATS_LIMIT = 5;

/** Where a request waits. */
export interface WaitingRoom {
  /** It waits no longer. */
  leave(exchange: PooledExchange): void;
}

/** What makes a request again. */
export interface Repeater {
  serve(exchange: PooledExchange): void;
}

/**
 * One request on its way through the pool: waits for a connection, is begun on one, names its errors, and asks for
 * another connection where the one that it was on was lost and it may be made again.
 */
export class PooledExchange implements DispatchHandler, Initiator<PooledExchange> {
  readonly options: HopOptions;
  opening: Opening<PooledExchange> | undefined;
  /** Where it waits; `undefined` once it has begun. */
  room: WaitingRoom | undefined;
  /** When a connection was lost under it that had been kept: one like that is not good enough again. */
  lostAt: number | undefined;
  readonly #pool: Repeater;
  readonly #handler: DispatchHandler;
  readonly #onAbort: (() => void) | undefined;
  #facts: ConnectionFacts | undefined;
  #isReused = false;
  /** Whether it makes sense on the connection alone on which others with its hold were. */
  #isFollower = false;
  #controller: DispatchController | undefined;
  /** Whether a byte of a response, of an interim one too, has come. */
  #began = false;
  /** Whether the end of a head is still to come. */
  #withinHead = false;
  /** Whether the head of the final response has come. */
  #responded = false;
  #interimResponses = 0;
  #repeats = 0;

  constructor(options: HopOptions, handler: DispatchHandler, pool: Repeater) {
    this.options = OneTimeBody.within(options);
    this.#handler = handler;
    this.#pool = pool;
    const { signal } = options.exchange;
    if (signal === undefined) return;
    this.#onAbort = (): void => {
      if (this.#controller === undefined) this.fail(signal.reason as Error);
      else this.#controller.abort(signal.reason as Error);
    };
    signal.addEventListener("abort", this.#onAbort);
  }

  /** A connection takes it. */
  begin(facts: ConnectionFacts, isReused: boolean, isFollower: boolean): void {
    this.#isFollower = isFollower;
    this.room = undefined;
    this.#facts = facts;
    this.#isReused = isReused;
  }

  /** Ends it before it has begun on any connection. */
  fail(error: Error): void {
    this.room?.leave(this);
    this.room = undefined;
    this.#end(failedController, this.#explain(error));
  }

  /** Whether it can go on a connection alone that nobody has used. */
  get needsUnused(): boolean {
    const { hold } = this.options;
    return hold?.needsUnused === true && hold.state === "new";
  }

  onRequestStart(controller: DispatchController, context: unknown): void {
    this.#controller = controller;
    if (this.#facts !== undefined) this.options.hop.markRequest(this.#facts, this.#isReused);
    this.#handler.onRequestStart?.(controller, context);
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
    if (!this.#responded && this.#refusesInterim(controller)) return;
    this.#handler.onResponseStart?.(controller, status, fields, message);
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#forgetSignal();
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: DispatchController, error: Error): void {
    if (error instanceof ConnectionLoss && this.#mayRepeat(error)) {
      this.#controller = undefined;
      this.#repeats += 1;
      if (error.processed === "unknown") this.lostAt = performance.now();
      this.options.hold?.renew();
      this.#pool.serve(this);
    } else {
      this.#end(controller, this.#explain(error));
    }
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#forgetSignal();
    this.#handler.onRequestUpgrade?.(...upgrade);
  }

  #refusesInterim(controller: DispatchController): boolean {
    this.#interimResponses += 1;
    if (this.#interimResponses <= INTERIM_RESPONSES_LIMIT) return false;
    const detail = `more than ${String(INTERIM_RESPONSES_LIMIT)} interim responses`;
    const { peer } = this.options.target;
    controller.abort(new ProtocolError("RESPONSE_MALFORMED", { peer, operation: "request", detail }));
    return true;
  }

  /**
   * Whether it is made again on another connection. What the peer has certainly not acted on is, whatever it is. Where
   * nobody knows, since a server may close a kept connection at any moment, it is where a second time changes nothing;
   * once, on a connection that is new.
   *
   * @see RFC 9110 section 9.2.2, RFC 9112 section 9.3.1, RFC 9113 section 8.7
   */
  #mayRepeat({ processed }: ConnectionLoss): boolean {
    const { body, exchange } = this.options;
    if (this.#began || this.#isFollower || exchange.signal?.aborted === true) return false;
    switch (processed) {
      case "no":
        return this.#repeats < REPEATS_LIMIT && (isWhole(body) || oneTime(body)?.isRead === false);
      case "unknown":
        return this.#isReused && this.lostAt === undefined && isIdempotent(this.options) && isWhole(body);
    }
  }

  /** What the caller, or a handler on the way, ended it with is theirs and passed on as it is. */
  #explain(error: Error): Error {
    const { exchange, target } = this.options;
    if (exchange.signal?.aborted === true) return exchange.signal.reason as Error;
    if (!(error instanceof ConnectionLoss)) return error;
    const { peer } = target;
    return lossErrorFrom(error, { peer, responseBegan: this.#withinHead, responseStarted: this.#responded });
  }

  #end(controller: DispatchController, error: Error): void {
    this.#forgetSignal();
    oneTime(this.options.body)?.close(error);
    this.#handler.onResponseError?.(controller, error);
  }

  #forgetSignal(): void {
    if (this.#onAbort !== undefined) this.options.exchange.signal?.removeEventListener("abort", this.#onAbort);
  }
}

function oneTime(body: unknown): OneTimeBody | undefined {
  return body instanceof OneTimeBody ? body : undefined;
}
