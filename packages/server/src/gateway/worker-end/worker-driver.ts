import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import type { Exchange, ExchangeEnd, FlatFields } from "../../exchange/index.ts";
import type { RequestContext } from "../../fetch-handler.ts";
import { FrameLink } from "../link/frame-link.ts";
import { readPairs } from "../link/read-pairs.ts";
import {
  Flag,
  frameFault,
  FrameType,
  type LogLevel,
  levelOctet,
  readCredit,
  readHello,
  readMark,
} from "../protocol/index.ts";
import { type ExchangeLink, GatewayExchange } from "./gateway-exchange.ts";
import { requestClient, requestHead, ToldConnection } from "./request-facts.ts";

/** What a worker takes, and who is told. */
export interface WorkerHost {
  /** Requests at once. */
  readonly requests: number;
  /** Octets of each request's content that may come ahead of its reader. */
  readonly windowBytes: number;
  /** What the worker says that it takes of memory. */
  memoryBytes(): number;
  /** @param client who it is, by what the server believes. */
  onExchange(exchange: Exchange, client: RequestContext["client"]): void;
  onEnd?(exchange: Exchange, end: ExchangeEnd): void;
  /** The server wants what is under way to come to its end. */
  onDrain(): void;
}

/** The worker's end of a connection to a server: the gateway's protocol as one more version of HTTP. */
export class WorkerDriver {
  /** Resolves when the connection is gone; with a reason where it did not end well. */
  readonly closed: Promise<Error | undefined>;
  readonly #host: WorkerHost;
  readonly #link: FrameLink;
  readonly #exchanges = new Map<number, GatewayExchange>();
  #exchangeLink: ExchangeLink | undefined;
  #last = 0;
  #isDraining = false;

  constructor(stream: Duplex, host: WorkerHost) {
    this.#host = host;
    const closed = Promise.withResolvers<Error | undefined>();
    this.closed = closed.promise;
    this.#link = new FrameLink(stream, {
      onFrame: (type, flags, request, payload) => {
        this.#onFrame(type, flags, request, payload);
      },
      onData: (request, piece, isEnd) => {
        this.#exchangeOf(request)?.onData(piece, isEnd);
      },
      onClosed: (error) => {
        const gone = new TransportError("CLIENT_GONE", { cause: error });
        for (const exchange of [...this.#exchanges.values()]) exchange.onGone(gone);
        closed.resolve(error);
      },
    });
    this.#link.writer.hello({ requests: host.requests, windowBytes: host.windowBytes });
    this.#link.flushSoon();
  }

  /** Requests that are under way. */
  get active(): number {
    return this.#exchanges.size;
  }

  /** Whether the server has asked it to finish. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Asks the server to send its requests elsewhere, and to end this connection when those under way are answered. */
  drain(): void {
    this.#link.writer.drain();
    this.#link.flushSoon();
  }

  /** Has the server log a line. */
  log(level: LogLevel, text: string): void {
    this.#link.writer.log(0, levelOctet(level), text === "" ? " " : text);
    this.#link.flushSoon();
  }

  destroy(reason: Error): void {
    this.#link.destroy(reason);
  }

  #onFrame(type: number, flags: number, request: number, payload: Uint8Array): void {
    if (this.#exchangeLink === undefined) {
      if (type !== FrameType.hello) throw frameFault("a first frame that is no HELLO");
      this.#onHello(payload);
      return;
    }
    switch (type) {
      case FrameType.request:
        this.#onRequest(request, flags, readPairs(payload), this.#exchangeLink);
        return;
      case FrameType.trailers:
        this.#exchangeOf(request)?.onTrailers(readPairs(payload));
        return;
      case FrameType.credit:
        this.#exchangeOf(request)?.onCredit(readCredit(payload));
        return;
      case FrameType.cancel:
        this.#exchangeOf(request)?.onCancel();
        return;
      case FrameType.ping:
        this.#link.writer.pong(readMark(payload), this.#host.memoryBytes());
        this.#link.flushSoon();
        return;
      case FrameType.drain:
        // It is the server that ends the connection: only there it is known that the last answer has been read.
        this.#isDraining = true;
        this.#host.onDrain();
        return;
    }
    throw frameFault(`a frame of type ${type}, which is none for a server to send`);
  }

  /** What comes for a request that is over has crossed its end. */
  #exchangeOf(request: number): GatewayExchange | undefined {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined && request > this.#last) throw frameFault(`a frame for the request ${request}`);
    return exchange;
  }

  #onHello(payload: Uint8Array): void {
    const { windowBytes } = readHello(payload);
    this.#exchangeLink = {
      writer: this.#link.writer,
      flushSoon: () => {
        this.#link.flushSoon();
      },
      windowBytes: this.#host.windowBytes,
      serverWindowBytes: windowBytes,
      onOver: (exchange, end) => {
        this.#exchanges.delete(exchange.id);
        this.#host.onEnd?.(exchange, end);
      },
    };
  }

  #onRequest(request: number, flags: number, pairs: FlatFields, link: ExchangeLink): void {
    if (request <= this.#last) throw frameFault(`the request ${request} after ${this.#last}`);
    if (this.#exchanges.size >= this.#host.requests) throw frameFault("more requests than the worker takes");
    this.#last = request;
    const hasContent = (flags & Flag.end) === 0;
    const exchange = new GatewayExchange(request, requestHead(pairs), new ToldConnection(pairs), hasContent, link);
    this.#exchanges.set(request, exchange);
    this.#host.onExchange(exchange, requestClient(pairs));
  }
}
