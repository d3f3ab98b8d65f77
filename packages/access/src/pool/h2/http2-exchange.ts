import { ProtocolError, TimeoutError } from "@fairlead/core";
import {
  gatherFields,
  type FlatFields,
  type Http2Stream,
  type Http2StreamEvents,
  type StreamFailure,
} from "@fairlead/http/h2";
import { Http2Tunnel } from "@fairlead/transport";
import type { DispatchController, DispatchHandler, HopOptions } from "../../dispatch.ts";
import { ConnectionLoss } from "../http-connection.ts";
import { closeGap } from "./close-gap.ts";

/** What an exchange needs of its connection. */
export interface Http2ExchangeOwner {
  /** Whether the peer has to take first what was written before. */
  readonly isBlocked: boolean;
  /** Calls the exchange's `goOn` when that is done. */
  whenUnblocked(exchange: Http2Exchange): void;
  /** Milliseconds that only ever grow. */
  readonly now: number;
  /** Something is due then. */
  watch(due: number): void;
  /** Calls `handOverGathered` once all is taken in of what came just now. */
  gathers(exchange: Http2Exchange): void;
  /** Calls back when what was sent has been written. */
  whenWritten(done: () => void): void;
  /** The exchange is over: all has come, or it failed. */
  ended(exchange: Http2Exchange): void;
  /** The server wants the request over HTTP/1.1. */
  needsHttp1(options: HopOptions): void;
}

/** Pieces of a paused body that are no larger are copied out of what came with them, which would be kept for their sake. */
const COPY_LIMIT_BYTES = 4_096;

/**
 * One request on a connection of HTTP/2, and how its handler sees it. A handler that throws has given it up. Once it is
 * over its handler hears nothing more.
 */
export class Http2Exchange implements DispatchController, Http2StreamEvents {
  readonly options: HopOptions;
  /** When it is to be ended; `Infinity` while nobody waits for the peer. */
  due = Number.POSITIVE_INFINITY;
  /** Whether anything of it was written. */
  isWritten = false;
  stream: Http2Stream | undefined;
  /** Goes on with the request's body. */
  onGoOn: (() => void) | undefined;
  /** Nothing more of it is sent, and nothing more comes. */
  onOver: (() => void) | undefined;
  readonly #handler: DispatchHandler;
  readonly #owner: Http2ExchangeOwner;
  #isSent = false;
  #isHeldBack = false;
  #isAnswered = false;
  #isOver = false;
  #isPaused = false;
  #reason: Error | null = null;
  #fields: FlatFields = [];
  #trailers: FlatFields | undefined;
  #rawHeaders: Buffer[] | undefined;
  /** What came just now and is handed over as soon as that is taken in. */
  #gathered: Uint8Array | undefined;
  /** What came while it was paused, at most a window of it. */
  #kept: Uint8Array[] = [];
  /** What the stream has become, once the peer has given it to another protocol. */
  #tunnel: Http2Tunnel | undefined;

  constructor(options: HopOptions, handler: DispatchHandler, owner: Http2ExchangeOwner) {
    this.options = options;
    this.#handler = handler;
    this.#owner = owner;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get paused(): boolean {
    return this.#isPaused;
  }

  get aborted(): boolean {
    return this.#reason !== null;
  }

  get reason(): Error | null {
    return this.#reason;
  }

  /** Made when somebody asks for them, as undici's own fetch does. */
  get rawHeaders(): Buffer[] {
    return (this.#rawHeaders ??= this.#fields.map((text) => Buffer.from(text, "latin1")));
  }

  get rawTrailers(): Buffer[] | null {
    return this.#trailers?.map((text) => Buffer.from(text, "latin1")) ?? null;
  }

  pause(): void {
    if (this.#isOver) return;
    this.#isPaused = true;
    this.#setDue();
  }

  resume(): void {
    if (!this.#isPaused || this.#isOver) return;
    this.#isPaused = false;
    this.#setDue();
    this.#handOverKept();
  }

  abort(reason: Error): void {
    if (this.#isOver) return;
    this.#reason = reason;
    this.stream?.reset();
    this.fail(reason);
  }

  /** It begins: the handler may give it up at once. */
  begin(): void {
    this.#run(() => this.#handler.onRequestStart?.(this, {}));
  }

  bodySent(piece: Uint8Array): void {
    if (this.#handler.onBodySent !== undefined) this.#run(() => this.#handler.onBodySent?.(asBuffer(piece)));
  }

  sent(): void {
    this.#isSent = true;
    this.#setDue();
    if (this.#handler.onRequestSent !== undefined) this.#run(() => this.#handler.onRequestSent?.());
  }

  /** The peer takes no more of its body for now, or does again. */
  set isHeldBack(isHeldBack: boolean) {
    this.#isHeldBack = isHeldBack;
    this.#setDue();
  }

  onHead(status: number, fields: FlatFields): void {
    this.#fields = fields;
    this.#rawHeaders = undefined;
    this.#isAnswered = status >= 200;
    this.#setDue();
    if (typeof this.options.upgrade === "string" && status >= 200 && status < 300) {
      this.#openTunnel(status, fields);
      return;
    }
    this.#run(() => {
      this.#handler.onResponseStarted?.();
      if (!this.#isOver) this.#handler.onResponseStart?.(this, status, gatherFields(fields), "");
    });
  }

  onData(data: Uint8Array): void {
    const gathered = this.#gathered;
    if (gathered === undefined) {
      this.#gathered = data;
      this.#owner.gathers(this);
      return;
    }
    this.#gathered = closeGap(gathered, data);
    if (this.#gathered !== undefined) return;
    this.#gathered = gathered;
    this.handOverGathered();
    if (!this.#isOver) this.onData(data);
  }

  handOverGathered(): void {
    const data = this.#gathered;
    if (data === undefined) return;
    this.#gathered = undefined;
    if (this.#tunnel !== undefined) {
      this.#tunnel.receive(data);
      return;
    }
    if (this.#isPaused) {
      this.#kept.push(data.length <= COPY_LIMIT_BYTES ? data.slice() : data);
      return;
    }
    this.#setDue();
    this.#handOver(data);
  }

  onEnd(trailers: FlatFields): void {
    this.handOverGathered();
    if (this.#tunnel !== undefined) {
      this.#tunnel.receiveEnd();
      return;
    }
    if (this.#isOver) return;
    this.#trailers = trailers;
    this.due = Number.POSITIVE_INFINITY;
    this.#endSending();
    if (this.#kept.length === 0) this.#end(trailers);
  }

  onFailed(failure: StreamFailure): void {
    this.handOverGathered();
    if (failure.type === "http11-required") this.#owner.needsHttp1(this.options);
    this.fail(this.#nameFailure(failure));
  }

  onSendable(): void {
    this.goOn();
  }

  /** Goes on with the body, where that waits. */
  goOn(): void {
    if (this.#tunnel !== undefined) {
      this.#tunnel.goOn();
      return;
    }
    const goOn = this.onGoOn;
    this.onGoOn = undefined;
    goOn?.();
  }

  /** The time is up. */
  expire(): void {
    const { peer } = this.options.target;
    this.stream?.reset();
    this.fail(new TimeoutError(this.#waitsFor ?? "response", { peer, operation: "request" }));
  }

  /** Its connection is gone; a response that has come whole is not. */
  lose(error: Error): void {
    this.handOverGathered();
    if (this.#trailers === undefined) this.fail(error);
  }

  fail(error: Error): void {
    if (this.#tunnel !== undefined) {
      this.#tunnel.destroy(error);
      return;
    }
    if (this.#isOver) return;
    this.#close();
    this.#kept = [];
    this.#gathered = undefined;
    this.#handler.onResponseError?.(this, error);
  }

  /** The exchange is over for its handler, and stays with its connection for as long as the tunnel is open. */
  #openTunnel(status: number, fields: FlatFields): void {
    const { stream } = this;
    if (stream === undefined || this.#isOver) return;
    this.#isOver = true;
    this.due = Number.POSITIVE_INFINITY;
    const owner = this.#owner;
    const tunnel = new Http2Tunnel(stream, {
      get isBlocked() {
        return owner.isBlocked;
      },
      whenUnblocked: () => {
        owner.whenUnblocked(this);
      },
      whenWritten: (done) => {
        owner.whenWritten(done);
      },
      over: () => {
        owner.ended(this);
      },
    });
    this.#tunnel = tunnel;
    try {
      this.#handler.onRequestUpgrade?.(this, status, gatherFields(fields), tunnel);
    } catch (error) {
      tunnel.destroy();
      this.#handler.onResponseError?.(this, error as Error);
    }
  }

  #handOverKept(): void {
    const kept = this.#kept;
    this.#kept = [];
    for (const [index, data] of kept.entries()) {
      this.#handOver(data);
      if (this.#isOver) return;
      if (this.paused) {
        this.#kept = kept.slice(index + 1);
        return;
      }
    }
    if (this.#trailers !== undefined) this.#end(this.#trailers);
  }

  #handOver(data: Uint8Array): void {
    this.#run(() => this.#handler.onResponseData?.(this, asBuffer(data)));
    this.stream?.read(data.length);
  }

  #end(trailers: FlatFields): void {
    this.#close();
    try {
      this.#handler.onResponseEnd?.(this, gatherFields(trailers));
    } catch (error) {
      this.#reason = error as Error;
      this.#handler.onResponseError?.(this, this.#reason);
    }
  }

  #close(): void {
    this.#isOver = true;
    this.due = Number.POSITIVE_INFINITY;
    this.#endSending();
    this.#owner.ended(this);
  }

  #endSending(): void {
    this.goOn();
    this.onOver?.();
    this.onOver = undefined;
  }

  /** What it waits for of the peer, if anything. */
  get #waitsFor(): "request" | "response" | "body" | undefined {
    if (this.#isPaused || this.#trailers !== undefined || this.#isOver) return undefined;
    if (this.#isAnswered) return "body";
    return this.#isSent ? "response" : this.#isHeldBack ? "request" : undefined;
  }

  /** What it waits for has its time from now on. */
  #setDue(): void {
    const phase = this.#waitsFor;
    this.due = phase === undefined ? Number.POSITIVE_INFINITY : this.#owner.now + this.options.exchange.timeouts[phase];
    if (phase !== undefined) this.#owner.watch(this.due);
  }

  /** What a handler throws is the end of its request. */
  #run(step: () => void): void {
    if (this.#isOver) return;
    try {
      step();
    } catch (error) {
      this.abort(error as Error);
    }
  }

  #nameFailure(failure: StreamFailure): Error {
    const facts = { peer: this.options.target.peer, operation: "request" };
    switch (failure.type) {
      case "unprocessed":
        return new ConnectionLoss("no", new Error("the peer has not acted on the request"));
      case "http11-required":
        return new ConnectionLoss("no", new Error("the peer wants the request over HTTP/1.1"));
      case "reset":
        return new ProtocolError("HTTP2_STREAM_RESET", { ...facts, detail: failure.code });
      case "malformed":
        return new ProtocolError("RESPONSE_MALFORMED", { ...facts, detail: failure.detail });
      case "fields-too-large":
        return new ProtocolError("RESPONSE_HEADERS_TOO_LARGE", facts);
      case "truncated":
        return new ProtocolError("RESPONSE_TRUNCATED", facts);
      case "too-long":
        return new ProtocolError("RESPONSE_LENGTH_EXCEEDED", facts);
    }
  }
}

/** Handlers are promised a Buffer; streams of Node give nothing else. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
