import { ProtocolError, TransportError } from "@fairlead/core";
import { Http2Client, nameErrorCode, type Http2Fault } from "@fairlead/http/h2";
import { ConnectionClock } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { DispatchHandler, HopOptions } from "../../dispatch.ts";
import { ConnectionLoss, type HttpConnection, type HttpConnectionEvents } from "../http-connection.ts";
import type { Turn } from "../h1/turn.ts";
import { makeWeight } from "../make-weight.ts";
import { Http2Exchange, type Http2ExchangeOwner } from "./http2-exchange.ts";
import { http2Request, type Http2Request } from "./http2-request.ts";
import type { Http2Settings } from "./options.ts";
import { sendBody, type BodyRoad } from "./send-body.ts";

/** What all connections of a manager have in common. */
export interface Http2ConnectionOptions extends Required<Http2Settings> {
  readonly turn: Turn;
  /** Called with a request that the server wants over HTTP/1.1, before it fails for that. */
  readonly onHttp1Required: (options: HopOptions) => void;
  /** Called with a request for another protocol whose server gives it no stream, before it fails for that. */
  readonly onNoExtendedConnect: (options: HopOptions) => void;
}

/** How long a peer may take to read what is left when a connection is closed. */
const HANG_UP_MILLISECONDS = 1_000;

/** Methods whose repetition changes nothing on the server. RFC 9110 section 9.2.2. */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** A socket keeps the process alive, and can be told not to. */
type Socket = Duplex & { ref?: () => void; unref?: () => void };

/**
 * One connection on which many requests go at once: drives the state machine of HTTP/2 with what a stream brings and
 * takes.
 */
export class Http2Connection implements HttpConnection, Http2ExchangeOwner, BodyRoad {
  readonly protocol = "h2";
  readonly #options: Http2ConnectionOptions;
  readonly #peer: string;
  readonly #socket: Socket;
  readonly #events: HttpConnectionEvents;
  readonly #client: Http2Client;
  readonly #exchanges = new Set<Http2Exchange>();
  /** Those of which nothing was written yet. */
  #unwritten: Http2Exchange[] = [];
  /** Those that are not sent before the peer has given a sign of life. */
  readonly #unproven: [Http2Exchange, Http2Request][] = [];
  /** Those for other protocols, which the peer's settings still have to offer. */
  readonly #unsettled: [Http2Exchange, Http2Request][] = [];
  /** Those for which something came just now. */
  readonly #gathering = new Set<Http2Exchange>();
  /** Those whose bodies wait until the socket takes more. */
  readonly #blocked = new Set<Http2Exchange>();
  readonly #clock: ConnectionClock;
  #clockDue = Number.POSITIVE_INFINITY;
  #now = performance.now();
  /** When anything came last. */
  #heardAt = this.#now;
  /** When a sign of life has to have come; `undefined` while none was asked for. */
  #pongDue: number | undefined;
  #idleDue = Number.POSITIVE_INFINITY;
  #isFlushing = false;
  #hasWritten = false;
  #isDraining = false;
  #isHangingUp = false;
  #closing: PromiseWithResolvers<void> | undefined;
  #isClosed = false;

  constructor(stream: Duplex, peer: string, options: Http2ConnectionOptions, events: HttpConnectionEvents) {
    this.#socket = stream;
    this.#peer = peer;
    this.#events = events;
    this.#options = options;
    this.#clock = new ConnectionClock(() => {
      this.#onDue();
    });
    this.#client = new Http2Client({
      onOutput: (): void => {
        this.#flushSoon();
      },
      onCapacity: (): void => {
        if (this.#client.isSettled && this.#unsettled.length > 0) this.#openSettled();
        if (!this.#isClosed && this.capacity > 0) this.#events.onFree();
      },
      onGoAway: (): void => {
        this.#drain();
      },
      onPong: (): void => undefined,
      onFault: (fault): void => {
        this.#onFault(fault);
      },
    });
    this.#listen();
    this.#flushSoon();
    this.#rest();
  }

  get capacity(): number {
    return this.#isDraining || this.#isClosed ? 0 : this.#client.capacity;
  }

  get now(): number {
    return this.#now;
  }

  get isBlocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  start(options: HopOptions, handler: DispatchHandler): void {
    this.#now = performance.now();
    const exchange = new Http2Exchange(options, handler, this);
    let request: Http2Request;
    try {
      request = http2Request(options);
    } catch (error) {
      exchange.fail(error as Error);
      return;
    }
    if (this.#exchanges.size === 0) this.#socket.ref?.();
    this.#exchanges.add(exchange);
    exchange.begin();
    if (exchange.isOver) return;
    if (this.#now - this.#heardAt > this.#options.pingAfterMilliseconds) this.#ping();
    if (typeof options.upgrade === "string") {
      this.#openTunnel(exchange, request);
      return;
    }
    // Made again on another connection if this one turns out to be dead, it does no harm; anything else waits until it is
    // known to live.
    if (this.#pongDue !== undefined && !isHarmless(options)) this.#unproven.push([exchange, request]);
    else this.#open(exchange, request);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#closing ??= Promise.withResolvers();
    this.#drain();
    await this.#closing.promise;
  }

  destroy(reason: Error): void {
    this.#end();
    for (const exchange of [...this.#exchanges]) exchange.fail(reason);
  }

  gathers(exchange: Http2Exchange): void {
    this.#gathering.add(exchange);
  }

  whenUnblocked(exchange: Http2Exchange): void {
    this.#blocked.add(exchange);
  }

  ended(exchange: Http2Exchange): void {
    this.#exchanges.delete(exchange);
    this.#blocked.delete(exchange);
    if (this.#exchanges.size > 0 || this.#isClosed) return;
    this.#rest();
    this.#finish();
  }

  whenWritten(done: () => void): void {
    // Behind the writing, which waits for the same end of a turn.
    this.#options.turn.atEnd(done);
  }

  needsHttp1(options: HopOptions): void {
    this.#options.onHttp1Required(options);
  }

  /** @see RFC 8441 section 3: the server has to have said that it may be asked. */
  #openTunnel(exchange: Http2Exchange, request: Http2Request): void {
    if (!this.#client.isSettled) {
      exchange.isHeldBack = true;
      this.#unsettled.push([exchange, request]);
    } else if (this.#client.allowsExtendedConnect) {
      exchange.isHeldBack = false;
      this.#open(exchange, request);
    } else {
      this.#options.onNoExtendedConnect(exchange.options);
      exchange.fail(new ConnectionLoss("no", new Error("the server gives no stream to other protocols")));
    }
  }

  #openSettled(): void {
    for (const [exchange, request] of this.#unsettled.splice(0)) {
      if (exchange.isOver) continue;
      if (this.capacity > 0) this.#openTunnel(exchange, request);
      else exchange.fail(new ConnectionLoss("no", new Error("there is no room on this connection")));
    }
  }

  #open(exchange: Http2Exchange, { head, body }: Http2Request): void {
    const isTunnel = typeof exchange.options.upgrade === "string";
    const isSent = body.type === "none" && !isTunnel;
    const isHead = exchange.options.method === "HEAD";
    exchange.stream = this.#client.open(head.fields, { isHead, isSent, isTunnel }, exchange);
    this.#unwritten.push(exchange);
    if (body.type === "none") {
      exchange.sent();
      return;
    }
    sendBody(body, head.contentLength, exchange, this).catch((error: unknown) => {
      exchange.abort(error as Error);
    });
  }

  #listen(): void {
    const socket = this.#socket;
    let cause: unknown;
    socket.on("data", (bytes: Uint8Array) => {
      this.#now = performance.now();
      this.#heardAt = this.#now;
      makeWeight(bytes);
      this.#pongDue = undefined;
      if (this.#unproven.length > 0) this.#openProven();
      this.#client.receive(bytes, this.#now);
      for (const exchange of this.#gathering) exchange.handOverGathered();
      this.#gathering.clear();
    });
    socket.on("drain", () => {
      this.#flush();
      this.#unblock();
    });
    socket.on("error", (error) => {
      cause = error;
    });
    socket.on("end", () => {
      this.#lose(undefined);
    });
    socket.on("close", () => {
      this.#lose(cause);
    });
  }

  /** The peer lives: what waited for that is sent. */
  #openProven(): void {
    for (const [exchange, request] of this.#unproven.splice(0)) {
      if (exchange.isOver) continue;
      if (this.capacity > 0) this.#open(exchange, request);
      else exchange.lose(new ConnectionLoss("no", new Error("there is no room on this connection")));
    }
  }

  /** Writes at the end of a turn of the event loop what came together in it. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const flush = (): void => {
      this.#isFlushing = false;
      this.#flush();
    };
    // What is written first may go as early data, which waits for no turn to end.
    if (this.#hasWritten) this.#options.turn.atEnd(flush);
    else queueMicrotask(flush);
  }

  #flush(): void {
    if (this.isBlocked || this.#socket.destroyed || !this.#socket.writable) return;
    const chunks = this.#client.takeOutput();
    if (chunks.length === 0) return;
    this.#hasWritten = true;
    const socket = this.#socket;
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    if (chunks.length > 1) socket.uncork();
    for (const exchange of this.#unwritten) exchange.isWritten = true;
    this.#unwritten = [];
  }

  #unblock(): void {
    for (const exchange of [...this.#blocked]) {
      if (this.isBlocked) return;
      this.#blocked.delete(exchange);
      exchange.goOn();
    }
  }

  #ping(): void {
    if (this.#pongDue !== undefined) return;
    this.#pongDue = this.#now + this.#options.pingTimeoutMilliseconds;
    this.#client.ping();
    this.watch(this.#pongDue);
  }

  /** Nobody uses it: it is kept for a while, and keeps no process alive. */
  #rest(): void {
    this.#socket.unref?.();
    this.#idleDue = performance.now() + this.#options.idleMilliseconds;
    this.watch(this.#idleDue);
  }

  watch(due: number): void {
    if (due >= this.#clockDue) return;
    this.#clockDue = due;
    this.#clock.set(Math.max(1, due - performance.now()));
  }

  #onDue(): void {
    this.#now = performance.now();
    this.#clockDue = Number.POSITIVE_INFINITY;
    if (this.#isHangingUp) {
      this.#end();
      return;
    }
    if (this.#pongDue !== undefined && this.#pongDue <= this.#now) {
      this.#lose(new TransportError("CONNECTION_TIMED_OUT", { peer: this.#peer, detail: "it shows no sign of life" }));
      return;
    }
    for (const exchange of [...this.#exchanges]) if (exchange.due <= this.#now) exchange.expire();
    const isIdle = this.#exchanges.size === 0;
    if (isIdle && this.#idleDue <= this.#now) void this.close();
    let next = Math.min(this.#pongDue ?? Number.POSITIVE_INFINITY, isIdle ? this.#idleDue : Number.POSITIVE_INFINITY);
    for (const { due } of this.#exchanges) next = Math.min(next, due);
    if (!this.#isClosed && next !== Number.POSITIVE_INFINITY) this.watch(next);
  }

  #onFault(fault: Http2Fault): void {
    const facts = {
      peer: this.#peer,
      operation: "request",
      cause: fault,
      detail: fault.flood ?? fault.message,
    };
    const error = new ProtocolError(fault.flood === undefined ? "HTTP2_VIOLATION" : "HTTP2_FLOOD", facts);
    this.#flush();
    this.#end();
    for (const exchange of [...this.#exchanges]) exchange.lose(error);
  }

  #lose(cause: unknown): void {
    const { goneAway = 0 } = this.#client;
    const farewell = { peer: this.#peer, operation: "request", detail: `GOAWAY ${nameErrorCode(goneAway)}`, cause };
    const why = goneAway === 0 ? cause : new ProtocolError("HTTP2_STREAM_RESET", farewell);
    this.#end();
    for (const exchange of [...this.#exchanges]) {
      exchange.lose(
        cause instanceof ConnectionLoss ? cause : new ConnectionLoss(exchange.isWritten ? "unknown" : "no", why),
      );
    }
  }

  #drain(): void {
    if (this.#isDraining || this.#isClosed) return;
    this.#isDraining = true;
    this.#events.onDraining();
    // In a turn of its own: those whom GOAWAY excludes are told first.
    queueMicrotask(() => {
      this.#finish();
    });
  }

  /** Hangs up once it drains and nothing is under way; with `close_notify`, for the sake of the TLS session. */
  #finish(): void {
    if (!this.#isDraining || this.#exchanges.size > 0 || this.#isClosed || this.#isHangingUp) return;
    this.#isHangingUp = true;
    this.#client.goAway();
    this.#flush();
    this.#client.end();
    this.watch(performance.now() + HANG_UP_MILLISECONDS);
    this.#socket.end(() => {
      this.#socket.destroy();
    });
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#client.end();
    this.#clock.stop();
    this.#socket.destroy();
    this.#events.onClosed();
    this.#closing?.resolve();
  }
}

function isHarmless({ method, idempotent = IDEMPOTENT_METHODS.has(method) }: HopOptions): boolean {
  return idempotent;
}
