import { TimeoutError, type FairleadError } from "@fairlead/core";
import { formatResponseHead, Http1RequestParser, type Http1RequestEvent, type Latin1Decoder } from "@fairlead/http/h1";
import { formatPeer } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { ConnectionFacts, Driver, DriverHost } from "../exchange/index.ts";
import { dateNow } from "./date-field.ts";
import { Deadlines, type Wait } from "./deadlines.ts";
import { clientGone, Http1Exchange, type ExchangeLink } from "./http1-exchange.ts";
import { Incoming, type IncomingEvents } from "./incoming.ts";
import { Outgoing } from "./outgoing.ts";

/** Content that nobody has read when the answer ends, and that is read for the sake of the connection. */
const DROPPED_BYTES = 65_536;
/** How long a client may take to read the last answer, and what is read from it meanwhile. RFC 9112 section 9.6. */
const LINGER_MILLISECONDS = 3_000;
const LINGER_BYTES = 16 * 1_048_576;
/** A request may be on its way when a server begins to close. */
const DRAIN_IDLE_MILLISECONDS = 500;

/** One connection that HTTP/1 is spoken on: one request at a time, in order. */
export class Http1Connection implements Driver, ExchangeLink, IncomingEvents {
  readonly version = "1";
  readonly closed: Promise<void>;
  readonly outgoing: Outgoing;
  readonly #stream: Duplex;
  readonly #host: DriverHost;
  readonly #parser: Http1RequestParser;
  readonly #incoming: Incoming;
  readonly #deadlines = new Deadlines((wait) => {
    this.#onPassed(wait);
  });
  readonly #resolveClosed: () => void;
  /** The request that is not answered, or whose content has not ended. */
  #exchange: Http1Exchange | undefined;
  #requests = 0;
  /** Read of what nobody wants: of content whose answer has left, or behind the last answer. */
  #droppedBytes = 0;
  #isDraining = false;
  #clientHasEnded = false;
  #state: "open" | "closing" | "upgraded" | "closed" = "open";
  /** What happened to the stream, and why it was given up here. */
  #error: unknown;
  #reason: unknown;

  constructor(stream: Duplex, first: Uint8Array, host: DriverHost) {
    this.#stream = stream;
    this.#host = host;
    const { facts, limits } = host;
    let resolveClosed = (): void => undefined;
    this.closed = new Promise((resolve) => {
      resolveClosed = resolve;
    });
    this.#resolveClosed = resolveClosed;
    this.#parser = new Http1RequestParser({
      scheme: facts.tls === undefined ? "http" : "https",
      peer: facts.remote === undefined ? undefined : formatPeer(facts.remote.address, facts.remote.port),
      latin1: readLatin1,
      limits,
    });
    this.#incoming = new Incoming(stream, this.#parser, this);
    this.outgoing = new Outgoing(stream, this.#deadlines, limits.writeIdleMilliseconds);
    // Ahead of what the stream begins to give with the next line.
    if (first.length > 0) process.nextTick(this.#onData, Buffer.from(first.buffer, first.byteOffset, first.length));
    // Whoever has said all that it asks for is answered still.
    stream.allowHalfOpen = true;
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

  drain(): void {
    this.#isDraining = true;
    if (this.#exchange === undefined && this.#state === "open") this.#deadlines.set("idle", DRAIN_IDLE_MILLISECONDS);
  }

  destroy(reason: unknown): void {
    this.#reason ??= reason;
    this.#stream.destroy();
  }

  // What an exchange sees of its connection.

  get connection(): ConnectionFacts {
    return this.#host.facts;
  }

  get mayServeMore(): boolean {
    if (this.#isDraining || this.#requests >= this.#host.limits.requestsPerConnection) return false;
    return !(this.#clientHasEnded && this.#incoming.isEmpty);
  }

  get mayDropRest(): boolean {
    return this.#exchange?.body?.isOver !== false || (this.#parser.remainingBytes ?? 0) <= DROPPED_BYTES;
  }

  get holdsBytes(): boolean {
    return !this.#incoming.isEmpty;
  }

  onBodyWanted(exchange: Http1Exchange): void {
    if (exchange !== this.#exchange || this.#state !== "open") return;
    this.#deadlines.set("bodyIdle", this.#host.limits.bodyIdleMilliseconds);
    this.#incoming.readOn();
  }

  onAnswered(exchange: Http1Exchange): void {
    if (this.outgoing.hasRoom) this.#leave(exchange);
    else this.outgoing.onWritten();
  }

  onUpgraded(): void {
    this.#state = "upgraded";
    this.#deadlines.clearAll();
    const stream = this.#stream;
    stream.off("data", this.#onData);
    stream.off("end", this.#onEnd);
    stream.off("drain", this.#onDrain);
    stream.pause();
    // As a stream that nobody has listened to yet: it flows when somebody does.
    (stream as { readableFlowing: boolean | null }).readableFlowing = null;
    this.#incoming.release();
  }

  onBroken(exchange: Http1Exchange, reason: unknown): void {
    if (exchange === this.#exchange) this.destroy(reason);
  }

  // What comes in.

  readonly #onData = (bytes: Uint8Array): void => {
    switch (this.#state) {
      case "open":
        this.#incoming.take(bytes);
        break;
      case "closing":
        this.#droppedBytes += bytes.length;
        if (this.#droppedBytes > LINGER_BYTES) this.#stream.destroy();
        break;
      case "upgraded":
        // It was read before the upgrade, and is told after it.
        this.#stream.unshift(bytes);
        break;
      case "closed":
        break;
    }
  };

  /** The next request when there is none; content of the one under way when that is wanted, and its end in any case. */
  get mayRead(): boolean {
    if (this.#state !== "open") return false;
    if (this.#exchange === undefined) return true;
    const { body } = this.#exchange;
    return body?.isOver === false && (body.isWanted || this.#parser.remainingBytes === 0);
  }

  onEvent(event: Exclude<Http1RequestEvent, { type: "need-data" }>): void {
    switch (event.type) {
      case "head":
        this.#begin(new Http1Exchange(event.head, this));
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

  /** What is waited for has a deadline; one request after another that come whole need none but that between them. */
  onExhausted(): void {
    if (this.#clientHasEnded) {
      this.#endRequests();
    } else if (this.#exchange === undefined && !this.#parser.isBetween && !this.#deadlines.isSet("head")) {
      this.#deadlines.clear("idle");
      this.#deadlines.set("head", this.#host.limits.headMilliseconds);
    }
  }

  #begin(exchange: Http1Exchange): void {
    this.#requests += 1;
    this.#deadlines.clear("idle");
    this.#deadlines.clear("head");
    this.#exchange = exchange;
    if (exchange.body !== undefined) this.#deadlines.set("body", this.#host.limits.bodyMilliseconds);
    this.#host.onExchange(exchange);
  }

  #takeContent(bytes: Uint8Array): void {
    const exchange = this.#exchange;
    exchange?.onContent();
    exchange?.body?.push(bytes);
    if (exchange?.body?.isWanted === true) this.#deadlines.set("bodyIdle", this.#host.limits.bodyIdleMilliseconds);
    else this.#deadlines.clear("bodyIdle");
    if (exchange?.hasLeft !== true) return;
    this.#droppedBytes += bytes.length;
    if (this.#droppedBytes > DROPPED_BYTES) this.#close();
  }

  #endBody(trailers: readonly string[]): void {
    this.#deadlines.clear("body");
    this.#deadlines.clear("bodyIdle");
    const exchange = this.#exchange;
    exchange?.body?.end(trailers);
    if (exchange?.hasLeft === true) this.#next();
  }

  readonly #onEnd = (): void => {
    this.#clientHasEnded = true;
    // Most that end have left; the few that have not are answered all the same.
    this.#exchange?.announce(clientGone());
    if (this.#state === "open" && this.#incoming.isEmpty) this.#endRequests();
  };

  /** The client sends nothing more: a request that is not whole never will be, and of another the answer is still sent. */
  #endRequests(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      if (!this.#parser.isBetween) this.#host.onRefusal({ status: undefined, error: clientGone() });
      this.#close();
    } else if (exchange.body?.isOver === false) {
      this.#stream.destroy();
    }
  }

  // What goes out.

  readonly #onDrain = (): void => {
    this.outgoing.onDrain();
    const exchange = this.#exchange;
    if (exchange?.isComplete === true && !exchange.hasLeft && this.outgoing.hasRoom) this.#leave(exchange);
  };

  /** The answer has left. */
  #leave(exchange: Http1Exchange): void {
    exchange.hasLeft = true;
    this.#tellEnd(exchange, exchange.fault);
    const { body } = exchange;
    if (!exchange.keepsConnection || !this.mayDropRest) {
      this.#close();
    } else if (body === undefined || body.isOver) {
      this.#next();
    } else {
      this.#droppedBytes = 0;
      body.cancel();
    }
  }

  /** The connection is the next request's. */
  #next(): void {
    this.#exchange = undefined;
    this.#deadlines.set("idle", this.#isDraining ? DRAIN_IDLE_MILLISECONDS : this.#host.limits.idleMilliseconds);
    if (!this.#incoming.isEmpty || this.#clientHasEnded) this.#incoming.readOn();
  }

  /** A request that breaks a rule or a limit is answered, and nothing after it is read. */
  #refuse(status: number, error: FairleadError): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      this.#writeRefusal(status);
      this.#host.onRefusal({ status, error });
      this.#close();
    } else if (!exchange.isAnswered) {
      this.#writeRefusal(status);
      exchange.status = status;
      exchange.fail(error);
      this.#tellEnd(exchange, error);
      this.#close();
    } else {
      exchange.fault = error;
      exchange.keepsConnection = false;
      exchange.body?.fail(error);
      if (exchange.hasLeft) this.#close();
    }
  }

  #writeRefusal(status: number): void {
    const head = { status, fields: [], content: 0, method: "GET", version: "1.1", keepsConnection: false } as const;
    this.#stream.write(formatResponseHead({ ...head, date: dateNow() }).text, "latin1");
  }

  // The end.

  /** Ends our side, and waits for the client to end its own, so that it can read the answer. RFC 9112 section 9.6. */
  #close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#exchange = undefined;
    this.#incoming.drop();
    this.#droppedBytes = 0;
    this.#deadlines.clearAll();
    this.#deadlines.set("write", this.#host.limits.writeIdleMilliseconds);
    this.#stream.end(() => {
      if (this.#state !== "closing") return;
      this.#deadlines.clear("write");
      this.#deadlines.set("linger", LINGER_MILLISECONDS);
    });
    this.#stream.resume();
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
        this.#stream.destroy();
        break;
    }
  }

  readonly #onError = (error: unknown): void => {
    this.#error ??= error;
  };

  readonly #onClose = (): void => {
    const wasOpen = this.#state === "open";
    this.#state = "closed";
    this.#deadlines.clearAll();
    this.#incoming.drop();
    const exchange = this.#exchange;
    this.#exchange = undefined;
    const gone = clientGone(this.#reason ?? this.#error);
    if (exchange !== undefined && !exchange.hasLeft) {
      exchange.fail(gone);
      this.#tellEnd(exchange, exchange.status === 101 ? undefined : (this.#reason ?? gone));
    } else if (wasOpen && exchange === undefined && !this.#parser.isBetween) {
      this.#host.onRefusal({ status: undefined, error: gone });
    }
    this.outgoing.lose(gone);
    this.#resolveClosed();
  };

  #tellEnd(exchange: Http1Exchange, error: unknown): void {
    const { status, bytesOut, body } = exchange;
    this.#host.onEnd(exchange, { status, bytesIn: body?.bytesIn ?? 0, bytesOut, error });
  }
}

/** Streams of Node give buffers, and the constructor makes one of what was read before. */
const readLatin1: Latin1Decoder = (bytes, start, end) => (bytes as Buffer).toString("latin1", start, end);
