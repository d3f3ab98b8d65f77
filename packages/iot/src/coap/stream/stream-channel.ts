import { EventEmitter } from "node:events";
import { type FairleadError, ProtocolError, TimeoutError, TransportError } from "@fairlead/core";
import { KeepAlive, type WebSocketKeepAlive } from "@fairlead/transport/websocket";
import type { CoapChannel, CoapChannelEvents, CoapExchange, CoapExchangeListener } from "../channel.ts";
import type { CoapScheme, CoapSecurity } from "../exchange.ts";
import {
  abortMessage,
  baseStreamLimits,
  capabilitiesMessage,
  type CoapAbort,
  type CoapFrameReading,
  type CoapPeerSettings,
  type CoapRelease,
  type CoapStreamMessage,
  decideStreamMessage,
  healthMessage,
  releaseMessage,
  takesGatheredBlocks,
  writeCoapFrame,
} from "../protocol/index.ts";
import type { MessageCarrier } from "./message-carrier.ts";
import { Outbox } from "./outbox.ts";
import { OwnExchanges } from "./own-exchanges.ts";
import { PeerRequests } from "./peer-requests.ts";

/** What one connection takes, and how long it waits. */
export interface CoapStreamOptions {
  /** Of a message in either direction; the peer may take less. 262,144 by default. RFC 8323 section 5.3.1. */
  readonly maxMessageBytes?: number | undefined;
  /** Of the peer's tokens, 8 to 65804; 64 by default. RFC 8974 section 2.2.1. */
  readonly maxTokenBytes?: number | undefined;
  /** Requests of the peer's that are not answered yet or are observed; more are answered by 5.03. 1,000 by default. */
  readonly maxPeerRequests?: number | undefined;
  /** Bytes of own requests that wait to be sent; more fail with READER_TOO_SLOW. 4 MiB by default. */
  readonly maxQueuedBytes?: number | undefined;
  /** Until the peer's first message, which has to be a CSM. 10,000 by default. */
  readonly settingsTimeoutMilliseconds?: number | undefined;
  /** How long the peer may take nothing of what is sent before the connection is given up. 30,000 by default. */
  readonly stallTimeoutMilliseconds?: number | undefined;
  /** How long an answer to a ping may take. 10,000 by default. */
  readonly pingTimeoutMilliseconds?: number | undefined;
  /** How long the peer may take to close the connection, and what is under way to be answered. 5,000 by default. */
  readonly closeTimeoutMilliseconds?: number | undefined;
  /** Asks a silent peer whether it is there; by default nobody is asked. */
  readonly keepAlive?: WebSocketKeepAlive | undefined;
  /** Closes a connection on which nothing happens and nothing is observed; never by default. */
  readonly idleTimeoutMilliseconds?: number | undefined;
}

/** Who is at the other end. */
export interface CoapStreamPeer {
  /** As errors name it: `host:port`. */
  readonly peer: string;
  readonly scheme: CoapScheme;
  readonly security?: CoapSecurity | undefined;
}

/**
 * Exchanges over one reliable connection, in both directions. What ends it in good order is a Release, or the end of the
 * stream between two messages.
 *
 * @see RFC 8323
 */
export class CoapStreamChannel extends EventEmitter<CoapChannelEvents> implements CoapChannel {
  readonly peer: string;
  readonly scheme: CoapScheme;
  readonly security: CoapSecurity | undefined;
  readonly #carrier: MessageCarrier;
  readonly #options: CoapStreamOptions;
  readonly #outbox: Outbox;
  readonly #own: OwnExchanges;
  readonly #asked: PeerRequests;
  readonly #keepAlive: KeepAlive | undefined;
  readonly #pings = new Set<PromiseWithResolvers<undefined>>();
  readonly #opened = Promise.withResolvers<undefined>();
  readonly #over = Promise.withResolvers<undefined>();
  #settings: CoapPeerSettings | undefined;
  /** What came with the CSM, until somebody can listen. */
  #early: CoapFrameReading[] | undefined = [];
  #release: CoapRelease | undefined;
  #isHeld = false;
  #isEnded = false;
  #settingsTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #endTimer: NodeJS.Timeout | undefined;

  /** Use `streamChannel` or `webSocketChannel`. @internal */
  constructor(carrier: MessageCarrier, { peer, scheme, security }: CoapStreamPeer, options: CoapStreamOptions) {
    super();
    this.peer = peer;
    this.scheme = scheme;
    this.security = security;
    this.#carrier = carrier;
    this.#options = options;
    const { maxQueuedBytes = 4_194_304, stallTimeoutMilliseconds = 30_000, maxPeerRequests = 1_000 } = options;
    const outboxLimits = { peer, maxQueuedBytes, stallTimeoutMilliseconds };
    this.#outbox = new Outbox(carrier, outboxLimits, {
      owes: (doesOwe) => {
        this.#hold(doesOwe);
      },
      stalled: (error) => {
        this.#fail(error);
      },
    });
    this.#own = new OwnExchanges((message) => this.#request(message));
    this.#asked = new PeerRequests(peer, maxPeerRequests, (message) => this.#answer(message));
    this.#opened.promise.catch(() => undefined);
    if (options.keepAlive !== undefined) this.#keepAlive = this.#startKeepAlive(options.keepAlive);
  }

  get maxMessageBytes(): number {
    return Math.min(this.#peerSettings.maxMessageBytes, this.#ownLimit);
  }

  get takesGatheredBlocks(): boolean {
    return takesGatheredBlocks({ ...this.#peerSettings, maxMessageBytes: this.maxMessageBytes });
  }

  /** Bytes of the longest token that the peer takes in requests. RFC 8974 section 2.2.1. */
  get maxTokenBytes(): number {
    return this.#peerSettings.maxTokenBytes;
  }

  /** What the peer said when it wanted no more; `undefined` when it has not. */
  get release(): CoapRelease | undefined {
    return this.#release;
  }

  get closed(): boolean {
    return this.#isEnded || this.#release !== undefined;
  }

  open(listener: CoapExchangeListener): CoapExchange {
    return this.#own.open(listener);
  }

  async ping({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.closed) throw this.#closedError("ping");
    const answer = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      answer.reject(new TimeoutError("response", { peer: this.peer, operation: "ping" }));
    }, this.#options.pingTimeoutMilliseconds ?? 10_000);
    const abort = (): void => {
      answer.reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#pings.add(answer);
    this.#ask();
    try {
      await answer.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.#pings.delete(answer);
    }
  }

  /** Says Release, and waits for the peer to close the connection. A second call waits for the first. */
  async close(): Promise<void> {
    this.#end(undefined, releaseMessage());
    await this.#over.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends the CSM and waits for the peer's. @internal */
  async begin(signal: AbortSignal | undefined): Promise<this> {
    const abort = (): void => {
      this.#fail(new TransportError("STREAM_CLOSED", { peer: this.peer, operation: "open", cause: signal?.reason }));
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#settingsTimer = setTimeout(() => {
      this.#fail(new TimeoutError("connect", { peer: this.peer, operation: "open", detail: "no CSM came" }));
    }, this.#options.settingsTimeoutMilliseconds ?? 10_000);
    this.#carrier.start({
      heard: (readings) => {
        this.#hear(readings);
      },
      ended: () => {
        this.#peerEnded();
      },
      failed: (error) => {
        this.#fail(error);
      },
      over: () => {
        this.#fail(this.#closedError("read"));
        clearTimeout(this.#endTimer);
        this.#over.resolve(undefined);
      },
    });
    const { maxTokenBytes = 64 } = this.#options;
    const capabilities = { maxMessageBytes: this.#ownLimit, blockWiseTransfer: true, maxTokenBytes };
    this.#send(capabilitiesMessage(capabilities), "own");
    if (signal?.aborted === true) abort();
    try {
      await this.#opened.promise;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
    return this;
  }

  get #ownLimit(): number {
    return this.#options.maxMessageBytes ?? defaultMaxMessageBytes;
  }

  get #peerSettings(): CoapPeerSettings {
    return this.#settings ?? { ...baseStreamLimits, blockWiseTransfer: false };
  }

  #hear(readings: readonly CoapFrameReading[]): void {
    this.#keepAlive?.heard();
    this.#idleTimer?.refresh();
    for (const reading of readings) {
      if (this.#isEnded) return;
      if (this.#settings !== undefined && this.#early !== undefined) this.#early.push(reading);
      else if (reading.type === "message") this.#take(reading.message);
      else this.#break({ diagnostic: reading.flaw });
    }
  }

  #take(message: CoapStreamMessage): void {
    const decision = decideStreamMessage(message, this.#settings);
    switch (decision.type) {
      case "ignore":
        return;
      case "settings":
        this.#takeSettings(decision.settings);
        return;
      case "request":
        this.#takeRequest(message);
        return;
      case "response":
        this.#own.take(message);
        this.#endWhenReleased();
        return;
      case "ping":
        this.#pong(decision.token, decision.custody);
        return;
      case "pong":
        for (const answer of this.#pings) answer.resolve(undefined);
        return;
      case "release":
        this.#takeRelease(decision.release);
        return;
      case "aborted":
        this.#takeAbort(decision.abort);
        return;
      case "broken":
        this.#break(decision.abort);
        return;
    }
  }

  #takeSettings(settings: CoapPeerSettings): void {
    const isFirst = this.#settings === undefined;
    this.#settings = settings;
    if (!isFirst) return;
    clearTimeout(this.#settingsTimer);
    this.#opened.resolve(undefined);
    this.#startIdleTimer();
    // Who waits for the channel can listen to it before anything is told.
    this.#carrier.hold(true);
    setImmediate(() => {
      const early = this.#early ?? [];
      this.#early = undefined;
      this.#hear(early);
      // Only now: what is behind it comes behind it.
      if (!this.#isHeld) this.#carrier.hold(false);
    });
  }

  #takeRequest(message: CoapStreamMessage): void {
    const incoming = this.#asked.take(message);
    if (incoming === undefined || this.emit("request", incoming)) return;
    // Where the connection ends first, nobody waits for it.
    incoming.respond({ code: "4.04", options: [], payload: none }).catch(() => undefined);
  }

  /** Without a token: any Pong shows that the peer is there, and there are peers that do not repeat one. */
  #ask(): void {
    this.#send(healthMessage("Ping", none, false), "own");
  }

  #pong(token: Uint8Array, custody: boolean): void {
    if (!custody) {
      this.#send(healthMessage("Pong", token, false), "asked");
    } else if (this.#asked.custodies >= maxCustodies) {
      this.#break({ diagnostic: "too many pings wait for custody" });
    } else {
      this.#asked.whenAnswered(() => {
        this.#send(healthMessage("Pong", token, true), "asked");
      });
    }
  }

  #takeRelease(release: CoapRelease): void {
    this.#release ??= release;
    this.#endTimer ??= setTimeout(() => {
      this.#end(undefined);
    }, this.#closeTimeout).unref();
    this.#endWhenReleased();
  }

  /** What was under way when the peer said Release is still dealt with. RFC 8323 section 5.5. */
  #endWhenReleased(): void {
    if (this.#release === undefined || this.#own.unanswered > 0 || this.#asked.unanswered > 0) return;
    this.#end(undefined);
  }

  #takeAbort({ badCsmOption, diagnostic }: CoapAbort): void {
    const option = badCsmOption === undefined ? [] : [`CSM option ${badCsmOption}`];
    const detail = [...option, ...(diagnostic === "" ? [] : [diagnostic])].join(": ");
    const facts = { peer: this.peer, operation: "read", detail: detail === "" ? undefined : detail };
    this.#fail(new ProtocolError("COAP_STREAM_ABORTED", facts));
  }

  /** RFC 8323 section 5.6. */
  #break(abort: CoapAbort): void {
    const error = new ProtocolError("COAP_STREAM_BROKEN", {
      ...{ peer: this.peer, operation: "read", detail: abort.diagnostic },
    });
    this.#end(error, abortMessage(abort));
  }

  #peerEnded(): void {
    if (this.#settings === undefined) {
      this.#fail(new ProtocolError("COAP_STREAM_BROKEN", { peer: this.peer, detail: "it ends before its CSM" }));
      return;
    }
    this.#own.fail(new TransportError("CONNECTION_RESET", { peer: this.peer, operation: "request" }));
    this.#end(undefined);
  }

  #fail(error: FairleadError): void {
    this.#end(error);
    this.#carrier.destroy();
  }

  /** Ends everything that is under way, and this side of the connection behind a last word. Only the first call counts. */
  #end(reason: FairleadError | undefined, lastWord?: CoapStreamMessage): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const error = reason ?? this.#closedError("request");
    clearTimeout(this.#settingsTimer);
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#endTimer);
    this.#keepAlive?.stop();
    this.#opened.reject(error);
    this.#own.fail(error);
    this.#asked.end(error);
    for (const answer of this.#pings) answer.reject(error);
    if (lastWord !== undefined) this.#carrier.write(writeCoapFrame(lastWord, this.#carrier.framing), () => undefined);
    this.#outbox.close(error);
    this.#carrier.end();
    // What comes is read to its end, unheard: closing with bytes unread would cut what the peer has not read yet.
    this.#carrier.hold(false);
    this.#endTimer = setTimeout(() => {
      this.#carrier.destroy();
    }, this.#closeTimeout).unref();
    this.emit("close", reason);
  }

  #request(message: CoapStreamMessage): FairleadError | undefined {
    if (this.closed) return this.#closedError("request");
    const bytes = writeCoapFrame(message, this.#carrier.framing);
    if (bytes.length > this.maxMessageBytes) return this.#tooLarge("request");
    const refusal = this.#outbox.refuses(bytes);
    if (refusal === undefined) void this.#outbox.send(bytes, "own");
    return refusal;
  }

  async #answer(message: CoapStreamMessage): Promise<void> {
    const bytes = writeCoapFrame(message, this.#carrier.framing);
    if (bytes.length > this.maxMessageBytes) {
      this.#send({ code: "5.00", token: message.token, options: [], payload: none }, "asked");
      throw this.#tooLarge("respond");
    }
    const sent = this.#outbox.send(bytes, "asked");
    queueMicrotask(() => {
      this.#endWhenReleased();
    });
    await sent;
  }

  #send(message: CoapStreamMessage, reason: "asked" | "own"): void {
    if (!this.#isEnded) void this.#outbox.send(writeCoapFrame(message, this.#carrier.framing), reason);
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (this.#early === undefined && !this.#isEnded) this.#carrier.hold(isHeld);
  }

  #startIdleTimer(): void {
    const { idleTimeoutMilliseconds } = this.#options;
    if (idleTimeoutMilliseconds === undefined) return;
    this.#idleTimer = setTimeout(() => {
      if (this.#own.size === 0 && this.#asked.size === 0) void this.close();
      else this.#idleTimer?.refresh();
    }, idleTimeoutMilliseconds).unref();
  }

  #startKeepAlive(options: WebSocketKeepAlive): KeepAlive {
    return new KeepAlive(options, {
      canHear: () => !this.#isHeld,
      ask: () => {
        this.#ask();
      },
      onSilence: () => {
        this.#fail(new TransportError("CONNECTION_TIMED_OUT", { peer: this.peer, operation: "keep-alive" }));
      },
    });
  }

  get #closeTimeout(): number {
    return this.#options.closeTimeoutMilliseconds ?? 5_000;
  }

  #closedError(operation: string): TransportError {
    return new TransportError("STREAM_CLOSED", { peer: this.peer, operation });
  }

  #tooLarge(operation: string): TransportError {
    const detail = `it takes ${this.maxMessageBytes} bytes`;
    return new TransportError("COAP_MESSAGE_TOO_LARGE", { peer: this.peer, operation, detail });
  }
}

/** What a connection takes when it is not told. */
export const defaultMaxMessageBytes = 262_144;
/** Pings of one peer that may wait until what came before them is answered. */
const maxCustodies = 16;
const none = new Uint8Array(0);
