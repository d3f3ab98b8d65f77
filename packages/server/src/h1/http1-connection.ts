import { TimeoutError, type FairleadError } from "@fairlead/core";
import {
  formatResponseHead,
  Http1RequestParser,
  type Latin1Decoder,
  type ReceivedRequestHead,
} from "@fairlead/http/h1";
import type { Duplex } from "node:stream";
import type { ConnectionFacts, Driver, DriverHost } from "../exchange/index.ts";
import { dateNow } from "./date-field.ts";
import { Deadlines, type Wait } from "./deadlines.ts";
import { clientGone, Http1Exchange, type ExchangeLink } from "./http1-exchange.ts";
import { writeRest } from "./sent-content.ts";

/** Bytes of later requests, or of content that nobody reads yet, that are held before the connection is read no further. */
const HELD_BYTES = 65_536;
/** Content that nobody has read when the answer ends, and that is read for the sake of the connection. */
const DROPPED_BYTES = 65_536;
/** How long a client may take to read the last answer, and what is read from it meanwhile. RFC 9112 section 9.6. */
const LINGER_MILLISECONDS = 3_000;
const LINGER_BYTES = 16 * 1_048_576;
/** A request may be on its way when a server begins to close. */
const DRAIN_IDLE_MILLISECONDS = 500;

/** One connection that HTTP/1 is spoken on: one request at a time, in order. */
export class Http1Connection implements Driver, ExchangeLink {
  readonly version = "1";
  readonly stream: Duplex;
  readonly closed: Promise<void>;
  readonly #host: DriverHost;
  readonly #parser: Http1RequestParser;
  readonly #deadlines = new Deadlines((wait) => {
    this.#onPassed(wait);
  });
  readonly #resolveClosed: () => void;
  /** What has come and may not be read yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The request that is not answered, or whose content has not ended. */
  #exchange: Http1Exchange | undefined;
  /** Of its answer, when there is room. */
  #rest: Uint8Array = NO_BYTES;
  #drainWaiters: PromiseWithResolvers<undefined>[] = [];
  #requests = 0;
  #lingerBytes = 0;
  #isReading = false;
  #isDraining = false;
  #clientHasEnded = false;
  #state: "open" | "closing" | "upgraded" | "closed" = "open";
  /** What happened to the stream, and why it was given up here. */
  #error: unknown;
  #reason: unknown;

  constructor(stream: Duplex, first: Uint8Array, host: DriverHost) {
    this.stream = stream;
    this.#host = host;
    const { facts, limits } = host;
    let resolveClosed = (): void => undefined;
    this.closed = new Promise((resolve) => {
      resolveClosed = resolve;
    });
    this.#resolveClosed = resolveClosed;
    this.#parser = new Http1RequestParser({
      scheme: facts.tls === undefined ? "http" : "https",
      peer: facts.remote === undefined ? undefined : peerName(facts.remote),
      latin1: readLatin1,
      limits,
    });
    // Ahead of what the stream begins to give with the next line.
    if (first.length > 0) process.nextTick(this.#onData, Buffer.from(first.buffer, first.byteOffset, first.length));
    stream.on("data", this.#onData);
    stream.on("end", this.#onEnd);
    stream.on("drain", this.#onDrain);
    stream.on("error", this.#onError);
    stream.on("close", this.#onClose);
    this.#deadlines.set("idle", limits.idleMilliseconds);
  }

  get active(): number {
    return this.#exchange === undefined ? 0 : 1;
  }

  get connection(): ConnectionFacts {
    return this.#host.facts;
  }

  get mayServeMore(): boolean {
    if (this.#isDraining || this.#requests >= this.#host.limits.requestsPerConnection) return false;
    return !(this.#clientHasEnded && this.#heldBytes === 0);
  }

  get mayDropRest(): boolean {
    const body = this.#exchange?.body;
    return body === undefined || body.isOver || (this.#parser.remainingBytes ?? Infinity) <= DROPPED_BYTES;
  }

  get holdsBytes(): boolean {
    return this.#heldBytes > 0;
  }

  drain(): void {
    this.#isDraining = true;
    if (this.#exchange === undefined && this.#state === "open") this.#deadlines.set("idle", DRAIN_IDLE_MILLISECONDS);
  }

  destroy(reason: unknown): void {
    this.#reason ??= reason;
    this.stream.destroy();
  }

  readonly #onData = (bytes: Uint8Array): void => {
    switch (this.#state) {
      case "open":
        if (this.#heldBytes > 0 || !this.#mayRead()) this.#hold(bytes);
        else this.#read(bytes);
        break;
      case "closing":
        this.#lingerBytes += bytes.length;
        if (this.#lingerBytes > LINGER_BYTES) this.stream.destroy();
        break;
      case "upgraded":
      case "closed":
        break;
    }
  };

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= HELD_BYTES) this.stream.pause();
  }

  /** Whether the next event is to be had: of the request under way its content when somebody wants that, and its end. */
  #mayRead(): boolean {
    if (this.#state !== "open") return false;
    const exchange = this.#exchange;
    if (exchange === undefined) return true;
    const { body } = exchange;
    return body !== undefined && !body.isOver && (body.isWanted || this.#parser.remainingBytes === 0);
  }

  /** Goes on with what is held. */
  #readHeld(): void {
    if (this.#isReading) return;
    let bytes = this.#mayRead() ? this.#held.shift() : undefined;
    while (bytes !== undefined) {
      this.#heldBytes -= bytes.length;
      this.#read(bytes);
      bytes = this.#mayRead() ? this.#held.shift() : undefined;
    }
    if (this.#state !== "open") return;
    if (this.#heldBytes < HELD_BYTES && this.stream.isPaused()) this.stream.resume();
    if (this.#clientHasEnded && this.#heldBytes === 0) this.#endRequests();
  }

  #read(bytes: Uint8Array): void {
    this.#isReading = true;
    let at = 0;
    let isWaiting = false;
    while (!isWaiting && this.#mayRead()) {
      const event = this.#parser.read(bytes, at);
      at += this.#parser.taken;
      switch (event.type) {
        case "need-data":
          isWaiting = true;
          break;
        case "head":
          this.#begin(event.head);
          break;
        case "content":
          this.#takeContent(event.bytes);
          break;
        case "end":
          this.#endBody(event.trailers);
          break;
        case "refused":
          this.#refuse(event.status, event.error);
          break;
      }
    }
    this.#isReading = false;
    if (at < bytes.length && this.#state === "open") this.#holdRest(bytes.subarray(at));
    else if (this.#state === "open") this.#awaitMore();
  }

  #holdRest(rest: Uint8Array): void {
    this.#held.unshift(rest);
    this.#heldBytes += rest.length;
    if (this.#heldBytes >= HELD_BYTES) this.stream.pause();
  }

  /** What is waited for has a deadline; one request after another that come whole need none but that between them. */
  #awaitMore(): void {
    if (this.#exchange === undefined && !this.#parser.isBetween && !this.#deadlines.isSet("head")) {
      this.#deadlines.clear("idle");
      this.#deadlines.set("head", this.#host.limits.headMilliseconds);
    }
  }

  #begin(head: ReceivedRequestHead): void {
    this.#requests += 1;
    this.#deadlines.clear("idle");
    this.#deadlines.clear("head");
    const exchange = new Http1Exchange(head, this);
    this.#exchange = exchange;
    if (exchange.body !== undefined) this.#deadlines.set("body", this.#host.limits.bodyMilliseconds);
    this.#host.onExchange(exchange);
  }

  onBodyWanted(exchange: Http1Exchange): void {
    if (exchange !== this.#exchange || this.#state !== "open") return;
    this.#deadlines.set("bodyIdle", this.#host.limits.bodyIdleMilliseconds);
    // That the content has ended may be known without another octet.
    if (this.#heldBytes === 0 && !this.#isReading) this.#read(NOTHING);
    else this.#readHeld();
  }

  #takeContent(bytes: Uint8Array): void {
    const exchange = this.#exchange;
    exchange?.onContent();
    exchange?.body?.push(bytes);
    if (exchange?.body?.isWanted === true) this.#deadlines.set("bodyIdle", this.#host.limits.bodyIdleMilliseconds);
    else this.#deadlines.clear("bodyIdle");
  }

  #endBody(trailers: readonly string[]): void {
    this.#deadlines.clear("body");
    this.#deadlines.clear("bodyIdle");
    const exchange = this.#exchange;
    exchange?.body?.end(trailers);
    if (exchange?.hasLeft === true) this.#next();
  }

  onWritten(): void {
    if (this.stream.writableNeedDrain) this.#deadlines.set("write", this.#host.limits.writeIdleMilliseconds);
  }

  async drained(): Promise<void> {
    if (!this.stream.writableNeedDrain) return;
    const waiter = Promise.withResolvers<undefined>();
    this.#drainWaiters.push(waiter);
    await waiter.promise;
  }

  onRest(exchange: Http1Exchange, rest: Uint8Array): void {
    let more = rest;
    while (more.length > 0 && !this.stream.writableNeedDrain) more = writeRest(this.stream, more);
    this.#rest = more;
    if (more.length === 0) exchange.onAnswered();
    else this.onWritten();
  }

  onAnswered(exchange: Http1Exchange): void {
    if (this.stream.writableNeedDrain) this.onWritten();
    else this.#leave(exchange);
  }

  readonly #onDrain = (): void => {
    this.#deadlines.clear("write");
    const waiters = this.#drainWaiters;
    this.#drainWaiters = [];
    for (const waiter of waiters) waiter.resolve(undefined);
    const exchange = this.#exchange;
    if (exchange === undefined || this.stream.writableNeedDrain) return;
    if (this.#rest.length > 0) this.onRest(exchange, this.#rest);
    else if (exchange.isComplete && !exchange.hasLeft) this.#leave(exchange);
  };

  /** The answer has left. */
  #leave(exchange: Http1Exchange): void {
    exchange.hasLeft = true;
    this.#tellEnd(exchange, exchange.fault);
    const { body } = exchange;
    if (!exchange.keepsConnection || !this.mayDropRest) this.#close();
    else if (body === undefined || body.isOver) this.#next();
    else body.cancel();
  }

  /** The connection is the next request's. */
  #next(): void {
    this.#exchange = undefined;
    this.#deadlines.set("idle", this.#isDraining ? DRAIN_IDLE_MILLISECONDS : this.#host.limits.idleMilliseconds);
    if (this.#heldBytes > 0 || this.#clientHasEnded) this.#readHeld();
  }

  onUpgraded(): void {
    this.#state = "upgraded";
    this.#deadlines.clearAll();
    const { stream } = this;
    stream.off("data", this.#onData);
    stream.off("end", this.#onEnd);
    stream.off("drain", this.#onDrain);
    stream.pause();
    // As a stream that nobody has listened to yet: it flows when somebody does.
    (stream as { readableFlowing: boolean | null }).readableFlowing = null;
    for (const bytes of this.#held.reverse()) stream.unshift(bytes);
    this.#held = [];
    this.#heldBytes = 0;
  }

  onBroken(exchange: Http1Exchange, reason: unknown): void {
    if (exchange === this.#exchange) this.destroy(reason);
  }

  /** A request that breaks a rule or a limit is answered, and nothing after it is read. */
  #refuse(status: number, error: FairleadError): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      this.#writeRefusal(status);
      this.#host.onRefusal({ status, error });
      this.#close();
      return;
    }
    if (!exchange.isAnswered) {
      this.#writeRefusal(status);
      exchange.status = status;
      exchange.fail(error);
      this.#tellEnd(exchange, error);
      this.#close();
    } else {
      exchange.fault = error;
      exchange.body?.fail(error);
      if (exchange.hasLeft) this.#close();
      else exchange.keepsConnection = false;
    }
  }

  #writeRefusal(status: number): void {
    const head = { status, fields: [], content: 0, method: "GET", version: "1.1", keepsConnection: false } as const;
    this.stream.write(formatResponseHead({ ...head, date: dateNow() }).text, "latin1");
  }

  /** Ends our side, and waits for the client to end its own, so that it can read the answer. RFC 9112 section 9.6. */
  #close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#exchange = undefined;
    this.#held = [];
    this.#heldBytes = 0;
    this.#deadlines.clearAll();
    this.#deadlines.set("linger", LINGER_MILLISECONDS);
    this.stream.end();
    this.stream.resume();
  }

  #onPassed(wait: Wait): void {
    switch (wait) {
      case "idle":
        this.#close();
        break;
      case "head":
        this.#refuse(408, new TimeoutError("request", { operation: "serve" }));
        break;
      case "body":
      case "bodyIdle":
        this.#refuse(408, new TimeoutError("body", { operation: "serve" }));
        break;
      case "write":
        this.destroy(new TimeoutError("response", { operation: "serve" }));
        break;
      case "linger":
        this.stream.destroy();
        break;
    }
  }

  readonly #onEnd = (): void => {
    this.#clientHasEnded = true;
    if (this.#state === "open" && this.#heldBytes === 0) this.#endRequests();
  };

  /** The client sends nothing more: a request that is not whole never will be, and of another the answer is still sent. */
  #endRequests(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      if (!this.#parser.isBetween) this.#host.onRefusal({ status: undefined, error: clientGone() });
      this.#close();
    } else if (exchange.body?.isOver === false) {
      this.stream.destroy();
    } else {
      exchange.announce(clientGone());
    }
  }

  readonly #onError = (error: unknown): void => {
    this.#error ??= error;
  };

  readonly #onClose = (): void => {
    this.#state = "closed";
    this.#deadlines.clearAll();
    this.#held = [];
    this.#heldBytes = 0;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange !== undefined && !exchange.hasLeft) {
      const gone = clientGone(this.#reason ?? this.#error);
      exchange.fail(gone);
      this.#tellEnd(exchange, exchange.status === 101 ? undefined : (this.#reason ?? gone));
    }
    for (const waiter of this.#drainWaiters) waiter.reject(exchange?.failure);
    this.#rest = NO_BYTES;
    this.#drainWaiters = [];
    this.#resolveClosed();
  };

  #tellEnd(exchange: Http1Exchange, error: unknown): void {
    const { status, bytesOut, body } = exchange;
    this.#host.onEnd(exchange, { status, bytesIn: body?.bytesIn ?? 0, bytesOut, error });
  }
}

const NO_BYTES = new Uint8Array();

/** Streams of Node give buffers, and the constructor makes one of what was read before. */
const readLatin1: Latin1Decoder = (bytes, start, end) => (bytes as Buffer).toString("latin1", start, end);

function peerName({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(":") ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

const NOTHING = new Uint8Array(0);
