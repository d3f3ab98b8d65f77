import { ProtocolError, TimeoutError } from "@fairlead/core";
import {
  Http1ResponseParser,
  keepAliveMilliseconds,
  type Http1ResponseSink,
  type ResponseFields,
  type ResponseHead,
} from "@fairlead/http/h1";
import { ConnectionClock } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { DispatchHandler, HopOptions } from "../../dispatch.ts";
import type { Timeouts } from "../../timeouts.ts";
import { ConnectionLoss, type HttpConnection, type HttpConnectionEvents } from "../http-connection.ts";
import { makeWeight } from "../make-weight.ts";
import { Http1Exchange, type ExchangeOwner } from "./http1-exchange.ts";
import { http1Request, type Http1Request } from "./http1-request.ts";
import { sendPieces } from "./send-pieces.ts";
import type { Turn } from "./turn.ts";

/** How much earlier than its peer a connection that nobody uses is closed: a request might be on its way by then. */
const KEEP_ALIVE_MARGIN_MILLISECONDS = 1_000;
/** However long the peer would keep it. */
const KEEP_ALIVE_LIMIT_MILLISECONDS = 600_000;
/** How long a peer may take to read what is left when a connection is closed. */
const HANG_UP_MILLISECONDS = 1_000;
const NOTHING = Buffer.alloc(0);

/** What all connections of a manager have in common. */
export interface Http1Settings {
  readonly timeouts: Pick<Timeouts, "idle">;
  readonly turn: Turn;
}

/**
 * Speaks HTTP/1.1 on a stream, one request at a time, without pipelining.
 *
 * @see RFC 9112
 */
export class Http1Connection implements HttpConnection, ExchangeOwner, Http1ResponseSink {
  readonly protocol = "http/1.1";
  readonly #stream: Duplex & { ref?(): void; unref?(): void };
  readonly #peer: string;
  readonly #settings: Http1Settings;
  readonly #events: HttpConnectionEvents;
  readonly #parser: Http1ResponseParser;
  readonly #clock: ConnectionClock;
  #exchange: Http1Exchange | undefined;
  /** Whether the request under way says that the connection closes after it. */
  #closesAfter = false;
  #hasServed = false;
  /** It serves nothing more. */
  #isClosing = false;
  #isLost = false;
  #whenLost: PromiseWithResolvers<void> | undefined;
  /** How long the server says that it keeps the connection. */
  #keepAlive: number | undefined;
  /** Within the parser. */
  #isReading = false;
  /** Came while the handler had paused. */
  #unread: Buffer | undefined;
  /** The stream's end has come while the handler had paused. */
  #hasEnded = false;
  #upgrade: ResponseHead | undefined;
  /** What the peer did wrong. */
  #failure: Error | undefined;

  constructor(
    stream: Duplex & { unref?(): void },
    peer: string,
    settings: Http1Settings,
    events: HttpConnectionEvents,
  ) {
    this.#stream = stream;
    this.#peer = peer;
    this.#settings = settings;
    this.#events = events;
    this.#parser = new Http1ResponseParser(this, { peer, latin1: readLatin1 });
    this.#clock = new ConnectionClock(this.#onDue);
    stream.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onLoss).on("close", this.#onClose);
    this.#clock.set(settings.timeouts.idle);
    // Whoever waited for it may have found another meanwhile.
    stream.unref?.();
  }

  get capacity(): number {
    return this.#exchange === undefined && !this.#isClosing && !this.#isLost ? 1 : 0;
  }

  start(options: HopOptions, handler: DispatchHandler): void {
    const exchange = new Http1Exchange(options, handler, this);
    let request: Http1Request;
    try {
      request = http1Request(options);
    } catch (error) {
      exchange.fail(error as Error);
      return;
    }
    this.#exchange = exchange;
    this.#clock.clear();
    exchange.start();
    if (this.#hasServed) {
      // What had come before, or the end of the stream, is found first: it must not be taken for the response.
      this.#settings.turn.atEnd(() => {
        this.#write(exchange, request);
      });
    } else {
      this.#write(exchange, request);
    }
  }

  async close(): Promise<void> {
    if (this.#isLost) return;
    this.#isClosing = true;
    this.#whenLost ??= Promise.withResolvers();
    if (this.#exchange === undefined) this.#hangUp();
    await this.#whenLost.promise;
  }

  destroy(reason: Error): void {
    this.#fail(reason);
  }

  abandon(exchange: Http1Exchange): void {
    if (this.#exchange !== exchange) return;
    this.#exchange = undefined;
    if (exchange.isWritten) this.#lose();
    else this.#rest();
  }

  pauseReading(): void {
    // The stream is stopped by what comes next: a reader that is as fast as the peer is often back before that.
    this.#parser.pause();
    this.#clock.clear();
  }

  resumeReading(): void {
    this.#parser.resume();
    this.#setDeadline();
    if (this.#isReading) return;
    const unread = this.#unread ?? NOTHING;
    this.#unread = undefined;
    this.#read(unread);
    if (this.#parser.isPaused) return;
    if (this.#hasEnded) this.#onEnd();
    else if (this.#stream.isPaused()) this.#stream.resume();
  }

  onInterim(head: ResponseHead): void {
    this.#exchange?.head(head);
    this.#setDeadline();
  }

  onHead(head: ResponseHead): void {
    this.#keepAlive = keepAliveMilliseconds(head.fields);
    this.#exchange?.head(head);
    this.#setDeadline();
  }

  onBody(piece: Uint8Array): void {
    this.#exchange?.data(piece);
    this.#setDeadline();
  }

  onEnd(trailers: ResponseFields, reusable: boolean): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    this.#exchange = undefined;
    if (!exchange.isSent) this.#lose();
    else if (reusable && !this.#closesAfter && !this.#isClosing && this.#idleMilliseconds > 0) this.#rest();
    else this.#hangUp();
    exchange.end(trailers);
  }

  onUpgrade(head: ResponseHead): void {
    this.#upgrade = head;
  }

  #write(exchange: Http1Exchange, { head, body }: Http1Request): void {
    if (this.#exchange !== exchange) return;
    if (!this.#stream.writable) {
      this.#onLoss();
      return;
    }
    if (!this.#hasServed && this.#stream.readableLength > 0) {
      const detail = "bytes before any request";
      this.#fail(new ProtocolError("RESPONSE_MALFORMED", { peer: this.#peer, operation: "request", detail }));
      return;
    }
    const { method, upgrade } = exchange.options;
    this.#stream.ref?.();
    this.#hasServed = true;
    this.#closesAfter = head.closes;
    exchange.isWritten = true;
    this.#parser.begin({ method, upgrade: typeof upgrade === "string" });
    switch (body.type) {
      case "none":
        this.#stream.write(head.text, "latin1");
        this.#sent(exchange);
        return;
      case "bytes":
        this.#stream.cork();
        this.#stream.write(head.text, "latin1");
        this.#stream.write(body.bytes);
        this.#stream.uncork();
        exchange.bodySent(body.bytes);
        this.#sent(exchange);
        return;
      case "pieces":
        this.#stream.write(head.text, "latin1");
        sendPieces(body.pieces, head.framing === "none" ? 0 : head.framing, this.#stream, exchange, () => {
          this.#setDeadline();
        }).then(
          () => {
            if (!exchange.isOver) this.#sent(exchange);
          },
          (error: unknown) => {
            exchange.abort(error as Error);
          },
        );
        return;
    }
  }

  #sent(exchange: Http1Exchange): void {
    exchange.sent();
    this.#setDeadline();
  }

  /** Nothing is under way; the next request may come. */
  #rest(): void {
    this.#clock.set(this.#idleMilliseconds);
    this.#stream.unref?.();
    if (this.#isClosing) this.#hangUp();
    else this.#events.onFree();
  }

  get #idleMilliseconds(): number {
    const { idle } = this.#settings.timeouts;
    if (this.#keepAlive === undefined) return idle;
    return Math.min(this.#keepAlive - KEEP_ALIVE_MARGIN_MILLISECONDS, KEEP_ALIVE_LIMIT_MILLISECONDS);
  }

  /** The next piece of the response has its time from now on. */
  #setDeadline(): void {
    const exchange = this.#exchange;
    if (exchange === undefined || exchange.paused) return;
    const { timeouts } = exchange.options.exchange;
    if (exchange.isAnswered) this.#clock.set(timeouts.body);
    else if (exchange.isSent) this.#clock.set(timeouts.response);
    else if (exchange.isHeldBack) this.#clock.set(timeouts.request);
    // The application takes its time with the body.
    else this.#clock.clear();
  }

  readonly #onDue = (): void => {
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      const phase = exchange.isAnswered ? "body" : exchange.isSent ? "response" : "request";
      this.#fail(new TimeoutError(phase, { peer: this.#peer, operation: "request" }));
    } else if (this.#isClosing) {
      this.#lose();
    } else {
      this.#hangUp();
    }
  };

  readonly #onData = (bytes: Buffer): void => {
    const exchange = this.#exchange;
    if (exchange?.isWritten !== true) {
      // Whose response would they be?
      this.#onLoss();
      return;
    }
    if (exchange.paused) {
      this.#unread = this.#unread === undefined ? bytes : Buffer.concat([this.#unread, bytes]);
      this.#stream.pause();
      return;
    }
    makeWeight(bytes);
    exchange.heard();
    if (this.#exchange === exchange) this.#read(bytes);
  };

  #read(bytes: Buffer): void {
    let taken: number;
    this.#isReading = true;
    try {
      taken = this.#parser.read(bytes);
    } catch (error) {
      // In a turn of its own, as every failure of a stream: whoever was told of the head a moment ago acts on that first.
      this.#failure = error as Error;
      this.#stream.destroy();
      return;
    } finally {
      this.#isReading = false;
    }
    if (this.#upgrade !== undefined) this.#handOver(this.#upgrade, bytes.subarray(taken));
    else if (taken < bytes.length && this.#parser.isPaused && !this.#isLost) this.#unread = bytes.subarray(taken);
  }

  readonly #onEnd = (): void => {
    if (this.#exchange?.paused === true) {
      this.#hasEnded = true;
      return;
    }
    if (this.#exchange?.isWritten !== true || !this.#parser.hasBegun) {
      this.#onLoss();
      return;
    }
    try {
      this.#parser.end();
    } catch (error) {
      this.#fail(error as Error);
    }
  };

  readonly #onLoss = (cause?: unknown): void => {
    // What secured the stream may know more of it.
    const loss = cause instanceof ConnectionLoss ? cause : undefined;
    const processed = this.#exchange?.isWritten === true ? "unknown" : "no";
    this.#fail(this.#failure ?? loss ?? new ConnectionLoss(processed, cause));
  };

  readonly #onClose = (): void => {
    if (!this.#hasEnded) this.#onLoss();
  };

  /** Ends all at once. */
  #fail(error: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#lose();
    exchange?.fail(error);
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#parser.pause();
    this.#stream.destroy();
    this.#leave();
  }

  /** With `close_notify`: servers forget the TLS session of a connection that is cut, and with it early data. */
  #hangUp(): void {
    if (this.#isLost) return;
    this.#isClosing = true;
    this.#events.onDraining();
    this.#clock.set(HANG_UP_MILLISECONDS);
    this.#stream.end(() => this.#stream.destroy());
  }

  /** Gives the stream to whoever asked for another protocol, with what has come of it. */
  #handOver(head: ResponseHead, first: Buffer): void {
    const exchange = this.#exchange;
    const stream = this.#stream;
    this.#exchange = undefined;
    stream.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onLoss).off("close", this.#onClose);
    // It is nobody's for now: neither flowing nor paused, as if it had never been read.
    Reflect.set(stream, "readableFlowing", null);
    if (first.length > 0) stream.unshift(first);
    this.#leave();
    exchange?.upgraded(head, stream);
  }

  #leave(): void {
    this.#isLost = true;
    this.#clock.stop();
    this.#whenLost?.resolve();
    this.#events.onClosed();
  }
}

function readLatin1(bytes: Uint8Array, start: number, end: number): string {
  // A stream of Node gives no other bytes.
  return (bytes as Buffer).toString("latin1", start, end);
}
