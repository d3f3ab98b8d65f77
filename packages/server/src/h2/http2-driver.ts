import { ProtocolError, TimeoutError, TransportError, type FairleadError } from "@fairlead/core";
import {
  ErrorCode,
  Http2Server,
  responseFields,
  type Http2Fault,
  type Http2RequestEvents,
  type Http2ServerStream,
  type ReceivedRequest,
  type RequestRefused,
} from "@fairlead/http/h2";
import { ConnectionClock } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { ConnectionFacts, Driver, DriverHost, ExchangeEnd, HttpLimits } from "../exchange/index.ts";
import { dateNow } from "../h1/date-field.ts";
import { Http2Exchange, type ExchangeOwner } from "./http2-exchange.ts";
import type { Outgoing } from "./outgoing.ts";

/** Octets that are handed to the stream below at once. */
const FLUSH_BYTES = 128 * 1024;
/** Octets that one answer sends before another has its turn. */
const TURN_BYTES = 16_384;
/** Octets that wait while the client reads nothing, before nothing more is read from it. */
const UNREAD_BYTES = 64 * 1024;
/** How long a client may take to learn that the server leaves, and to read what is left. */
const LEAVE_MILLISECONDS = 1_000;

/** One connection that is spoken HTTP/2 on: drives the state machine with what a stream brings and takes. */
export class Http2Driver implements Driver, ExchangeOwner {
  readonly version = "2";
  readonly closed: Promise<void>;
  readonly #host: DriverHost;
  readonly #socket: Duplex;
  readonly #server: Http2Server;
  readonly #clock: ConnectionClock;
  readonly #onClosed: () => void;
  readonly #exchanges = new Set<Http2Exchange>();
  /** Answers that have something to send, in turn. */
  readonly #ready = new Set<Outgoing>();
  #blocked: (() => void)[] = [];
  /** What is told once that is written. */
  #written: (() => void)[] = [];
  #clockDue = Number.POSITIVE_INFINITY;
  #now = performance.now();
  #idleDue = Number.POSITIVE_INFINITY;
  /** When a head that began to come has to be whole. */
  #headDue = Number.POSITIVE_INFINITY;
  #settingsDue: number;
  #blockedDue = Number.POSITIVE_INFINITY;
  /** When a client that was told of the leave is waited for no longer. */
  #leaveDue = Number.POSITIVE_INFINITY;
  #requests = 0;
  #isFlushing = false;
  #life: "open" | "leaving" | "left" | "hanging up" | "closed" = "open";

  constructor(stream: Duplex, first: Uint8Array, host: DriverHost) {
    this.#socket = stream;
    this.#host = host;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.closed = promise;
    this.#onClosed = (): void => {
      resolve(undefined);
    };
    this.#clock = new ConnectionClock(() => {
      this.#onDue();
    });
    this.#server = new Http2Server(host.limits, {
      onOutput: (): void => {
        this.#flushSoon();
      },
      onRequest: (opened, request): Http2RequestEvents => this.#onRequest(opened, request),
      onRefused: (opened, refusal): void => {
        this.#onRefused(opened, refusal);
      },
      // It asks for nothing more; when what is under way is answered, it closes.
      onGoAway: (): void => undefined,
      onPong: (): void => {
        if (this.#life === "leaving") this.#leave();
      },
      onFault: (fault): void => {
        this.#onFault(fault);
      },
    });
    this.#settingsDue = this.#now + host.limits.headMilliseconds;
    this.watch(this.#settingsDue);
    this.#rest();
    this.#flushSoon();
    // Ahead of what the stream begins to give with the next line, and not before whoever opens this has it.
    if (first.length > 0) process.nextTick(() => this.#receive(first));
    this.#listen();
  }

  get active(): number {
    return this.#exchanges.size;
  }

  get facts(): ConnectionFacts {
    return this.#host.facts;
  }

  get limits(): HttpLimits {
    return this.#host.limits;
  }

  get now(): number {
    return this.#now;
  }

  get isBlocked(): boolean {
    return this.#isFull() || this.#server.outputLength > FLUSH_BYTES;
  }

  drain(): void {
    if (this.#life !== "open") return;
    this.#now = performance.now();
    this.#life = "leaving";
    this.#server.announceLeave();
    this.#leaveDue = this.#now + LEAVE_MILLISECONDS;
    this.watch(this.#leaveDue);
  }

  destroy(reason: Error): void {
    this.#close(reason);
  }

  onReady(outgoing: Outgoing): void {
    this.#ready.add(outgoing);
    this.#flushSoon();
  }

  whenUnblocked(goOn: () => void): void {
    this.#blocked.push(goOn);
    this.#flushSoon();
  }

  whenWritten(done: () => void): void {
    this.#written.push(done);
    this.#flushSoon();
  }

  ended(exchange: Http2Exchange, end: ExchangeEnd): void {
    this.whenWritten(() => {
      this.#over(exchange, end);
    });
  }

  watch(due: number): void {
    if (due >= this.#clockDue || this.#life === "closed") return;
    this.#clockDue = due;
    this.#clock.set(Math.max(1, due - performance.now()));
  }

  #listen(): void {
    const socket = this.#socket;
    let cause: unknown;
    socket.on("data", (bytes: Uint8Array) => {
      this.#receive(bytes);
    });
    socket.on("drain", () => {
      this.#blockedDue = Number.POSITIVE_INFINITY;
      this.#now = performance.now();
      this.#flush();
    });
    socket.on("error", (error) => {
      cause = error;
    });
    socket.on("end", () => {
      this.#close(undefined);
    });
    socket.on("close", () => {
      this.#close(cause);
    });
  }

  #receive(bytes: Uint8Array): void {
    this.#now = performance.now();
    this.#server.receive(bytes, this.#now);
    if (!this.#server.isReadingHead) {
      this.#headDue = Number.POSITIVE_INFINITY;
    } else if (this.#headDue === Number.POSITIVE_INFINITY) {
      this.#headDue = this.#now + this.limits.headMilliseconds;
      this.watch(this.#headDue);
    }
    if (this.#isFull() && this.#server.outputLength > UNREAD_BYTES) this.#socket.pause();
  }

  #onRequest(stream: Http2ServerStream, request: ReceivedRequest): Http2RequestEvents {
    this.#requests += 1;
    if (this.#requests >= this.limits.requestsPerConnection) this.drain();
    const exchange = new Http2Exchange(stream, request, this);
    if ((request.contentLength ?? 0) > this.limits.bodyBytes) {
      this.#answer(stream, 413);
      this.#host.onRefusal({ status: 413, error: new ProtocolError("REQUEST_BODY_TOO_LARGE", { operation: "read" }) });
      return exchange;
    }
    this.#exchanges.add(exchange);
    this.#idleDue = Number.POSITIVE_INFINITY;
    this.#host.onExchange(exchange);
    return exchange;
  }

  #onRefused(stream: Http2ServerStream | undefined, refusal: RequestRefused): void {
    const { status, error } = describe(refusal);
    if (stream !== undefined) this.#answer(stream, status);
    this.#host.onRefusal({ status: stream === undefined ? undefined : status, error });
  }

  #answer(stream: Http2ServerStream, status: number): void {
    const { fields } = responseFields({ status, fields: [], content: 0, method: "GET", date: dateNow() });
    stream.sendHead(fields, true);
  }

  #over(exchange: Http2Exchange, end: ExchangeEnd): void {
    if (!this.#exchanges.delete(exchange)) return;
    this.#host.onEnd(exchange, end);
    if (this.#exchanges.size > 0) return;
    this.#rest();
    if (this.#life === "left") this.#hangUp();
  }

  /** Writes at the end of a turn of the event loop what came together in it. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(this.#flushNow);
  }

  readonly #flushNow = (): void => {
    this.#isFlushing = false;
    this.#flush();
  };

  #flush(): void {
    const socket = this.#socket;
    if (this.#life === "closed") {
      this.#tellWritten();
      return;
    }
    if (this.#isFull() || !socket.writable) return;
    for (const outgoing of this.#ready) {
      if (this.#server.outputLength >= FLUSH_BYTES) break;
      this.#ready.delete(outgoing);
      // Again behind the others.
      if (outgoing.sendSome(TURN_BYTES)) this.#ready.add(outgoing);
    }
    const chunks = this.#server.takeOutput();
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    if (chunks.length > 1) socket.uncork();
    this.#tellWritten();
    if (this.#isFull()) {
      this.#blockedDue = this.#now + this.limits.writeIdleMilliseconds;
      this.watch(this.#blockedDue);
      return;
    }
    if (socket.isPaused()) socket.resume();
    for (const goOn of this.#blocked.splice(0)) goOn();
    if (this.#ready.size > 0) this.#flushSoon();
  }

  /** Whether what was written has to be taken first. */
  #isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  #tellWritten(): void {
    const written = this.#written;
    if (written.length === 0) return;
    this.#written = [];
    for (const done of written) done();
  }

  /** No more requests are taken. */
  #leave(): void {
    this.#life = "left";
    this.#leaveDue = Number.POSITIVE_INFINITY;
    this.#server.leave();
    if (this.#exchanges.size === 0) this.#hangUp();
  }

  /** Has the client read what is left, before the connection is closed under it. */
  #hangUp(): void {
    this.#life = "hanging up";
    this.#server.end();
    this.#flush();
    this.#socket.end();
    this.#socket.resume();
    this.#leaveDue = performance.now() + LEAVE_MILLISECONDS;
    this.watch(this.#leaveDue);
  }

  #rest(): void {
    this.#idleDue = this.#now + this.limits.idleMilliseconds;
    this.watch(this.#idleDue);
  }

  #onDue(): void {
    this.#now = performance.now();
    this.#clockDue = Number.POSITIVE_INFINITY;
    if (this.#leaveDue <= this.#now) {
      if (this.#life !== "leaving") {
        this.#close(undefined);
        return;
      }
      this.#leave();
    }
    if (this.#blockedDue <= this.#now) {
      this.#close(
        new TransportError("CONNECTION_TIMED_OUT", { operation: "respond", detail: "the client reads nothing" }),
      );
      return;
    }
    if (this.#life !== "hanging up") {
      if (this.#server.isAcknowledged) this.#settingsDue = Number.POSITIVE_INFINITY;
      if (this.#headDue <= this.#now) this.#giveUp(ErrorCode.enhanceYourCalm);
      else if (this.#settingsDue <= this.#now) this.#giveUp(ErrorCode.settingsTimeout);
    }
    for (const exchange of [...this.#exchanges]) if (exchange.due <= this.#now) exchange.expire(this.#now);
    if (this.#exchanges.size === 0 && this.#idleDue <= this.#now && this.#life !== "hanging up") this.#leave();
    let next = Math.min(this.#leaveDue, this.#blockedDue, this.#settingsDue, this.#headDue, this.#idleDue);
    for (const { due } of this.#exchanges) next = Math.min(next, due);
    if (next !== Number.POSITIVE_INFINITY) this.watch(next);
  }

  /** The client is too slow to send a head, or to acknowledge the settings (RFC 9113 section 6.5.3). */
  #giveUp(code: number): void {
    this.#settingsDue = Number.POSITIVE_INFINITY;
    this.#headDue = Number.POSITIVE_INFINITY;
    this.#host.onRefusal({ status: undefined, error: new TimeoutError("request", { operation: "read" }) });
    this.#server.leave(code);
    this.#loseAll(undefined);
    this.#hangUp();
  }

  #onFault(fault: Http2Fault): void {
    const facts = { operation: "read", cause: fault, detail: fault.flood ?? fault.message };
    const error = new ProtocolError(fault.flood === undefined ? "HTTP2_VIOLATION" : "HTTP2_FLOOD", facts);
    this.#host.onRefusal({ status: undefined, error });
    this.#loseAll(error);
    this.#hangUp();
  }

  #loseAll(cause: unknown): void {
    for (const exchange of [...this.#exchanges]) exchange.lose(cause);
  }

  #close(cause: unknown): void {
    if (this.#life === "closed") return;
    this.#life = "closed";
    this.#server.end();
    this.#clock.stop();
    this.#socket.destroy();
    this.#loseAll(cause);
    this.#ready.clear();
    this.#blocked = [];
    this.#tellWritten();
    this.#onClosed();
  }
}

function describe(refusal: RequestRefused): { readonly status: number; readonly error: FairleadError } {
  const operation = "read";
  switch (refusal.type) {
    case "malformed":
      return { status: 400, error: new ProtocolError("REQUEST_MALFORMED", { operation, detail: refusal.detail }) };
    case "target-too-long":
      return { status: 414, error: new ProtocolError("REQUEST_TARGET_TOO_LONG", { operation }) };
    case "fields-too-large":
      return { status: 431, error: new ProtocolError("REQUEST_FIELDS_TOO_LARGE", { operation }) };
    case "connect": {
      const detail = "a CONNECT, which proxies serve";
      return { status: 501, error: new ProtocolError("REQUEST_MALFORMED", { operation, detail }) };
    }
    case "expectation": {
      const detail = "an expectation that is not 100-continue";
      return { status: 417, error: new ProtocolError("REQUEST_MALFORMED", { operation, detail }) };
    }
  }
}
