import { listFields, type ResponseFields, type ResponseHead } from "@fairlead/http/h1";
import type { Duplex } from "node:stream";
import type { DispatchController, DispatchHandler, HopOptions } from "../../dispatch.ts";

/** What an exchange needs of its connection. */
export interface ExchangeOwner {
  pauseReading(): void;
  resumeReading(): void;
  /** The exchange was given up: by its handler, or by what its handler threw. */
  abandon(exchange: Http1Exchange): void;
}

/**
 * One request on a connection of HTTP/1.1, and how its handler sees it. A handler that throws has given it up. Once it is
 * over its handler hears nothing more.
 */
export class Http1Exchange implements DispatchController {
  readonly options: HopOptions;
  readonly #handler: DispatchHandler;
  readonly #owner: ExchangeOwner;
  /** Whether anything of it was written. */
  isWritten = false;
  /** Whether the peer takes no more of its body for now. */
  isHeldBack = false;
  /** Whether all of it was written. */
  isSent = false;
  /** Whether the head of the final response has come. */
  isAnswered = false;
  /** Called once, when nothing more happens to it. */
  onOver: (() => void) | undefined;
  #isWithinHead = false;
  #isOver = false;
  #isPaused = false;
  #reason: Error | null = null;
  #fieldLines: string | undefined;
  #rawHeaders: Buffer[] | null = null;
  #trailers: ResponseFields | undefined;

  constructor(options: HopOptions, handler: DispatchHandler, owner: ExchangeOwner) {
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
  get rawHeaders(): Buffer[] | null {
    if (this.#fieldLines === undefined) return this.#rawHeaders;
    this.#rawHeaders = listFields(this.#fieldLines).map((text) => Buffer.from(text, "latin1"));
    this.#fieldLines = undefined;
    return this.#rawHeaders;
  }

  get rawTrailers(): Buffer[] | null {
    if (this.#trailers === undefined) return null;
    return Object.entries(this.#trailers).flatMap(([name, values]) =>
      [values].flat().flatMap((value) => [Buffer.from(name, "latin1"), Buffer.from(value, "latin1")]),
    );
  }

  pause(): void {
    if (this.#isPaused || this.#isOver) return;
    this.#isPaused = true;
    this.#owner.pauseReading();
  }

  resume(): void {
    if (!this.#isPaused || this.#isOver) return;
    this.#isPaused = false;
    this.#owner.resumeReading();
  }

  abort(reason: Error): void {
    if (this.#isOver) return;
    this.#reason = reason;
    this.#drop(reason);
  }

  /** It begins: the handler may give it up at once. */
  start(): void {
    try {
      this.#handler.onRequestStart?.(this, {});
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  bodySent(piece: Uint8Array): void {
    try {
      this.#handler.onBodySent?.(asBuffer(piece));
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  sent(): void {
    this.isSent = true;
    try {
      this.#handler.onRequestSent?.();
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  /** Bytes have come. */
  heard(): void {
    if (this.#isWithinHead || this.isAnswered || this.#isOver) return;
    this.#isWithinHead = true;
    try {
      this.#handler.onResponseStarted?.();
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  head(head: ResponseHead): void {
    this.#isWithinHead = false;
    this.isAnswered = head.status >= 200;
    if (this.#isOver) return;
    this.#fieldLines = head.fieldLines;
    try {
      this.#handler.onResponseStart?.(this, head.status, head.fields, head.reason);
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  data(piece: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#handler.onResponseData?.(this, asBuffer(piece));
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  end(trailers: ResponseFields): void {
    if (this.#isOver) return;
    this.#trailers = trailers;
    this.#finish();
    try {
      this.#handler.onResponseEnd?.(this, trailers);
    } catch (error) {
      this.#handler.onResponseError?.(this, error as Error);
    }
  }

  upgraded(head: ResponseHead, stream: Duplex): void {
    if (this.#isOver) return;
    this.#finish();
    this.#fieldLines = head.fieldLines;
    try {
      this.#handler.onRequestUpgrade?.(this, head.status, head.fields, stream);
    } catch (error) {
      stream.destroy();
      this.#handler.onResponseError?.(this, error as Error);
    }
  }

  fail(error: Error): void {
    if (this.#isOver) return;
    this.#finish();
    this.#handler.onResponseError?.(this, error);
  }

  /** Given up. What a handler throws is no abort to it: undici's own look at that before they try again. */
  #drop(error: Error): void {
    if (this.#isOver) return;
    this.#owner.abandon(this);
    this.fail(error);
  }

  #finish(): void {
    this.#isOver = true;
    this.onOver?.();
  }
}

/** Handlers are promised a Buffer; streams of Node give nothing else. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
