import { ProtocolError, TransportError, UsageError } from "@fairlead/core";
import {
  CLOSE_REASON_LIMIT,
  CloseCode,
  closeCodeFor,
  CONTROL_PAYLOAD_LIMIT,
  DEFAULT_WEBSOCKET_LIMITS,
  type DeflateParameters,
  formatClosePayload,
  mayBeSent,
  MessageReader,
  type MessageSink,
} from "@fairlead/http/websocket";
import type { Duplex } from "node:stream";
import { transportErrorFrom } from "../transport-error.ts";
import type {
  WebSocketConnection,
  WebSocketConnectionOptions,
  WebSocketEvents,
  WebSocketRole,
  WebSocketState,
} from "./contract.ts";
import { Deflater } from "./deflater.ts";
import { Inflater } from "./inflater.ts";
import { KeepAlive } from "./keep-alive.ts";
import { MaskKeys } from "./mask-keys.ts";
import { NODE_PLATFORM } from "./node-platform.ts";
import { Sender } from "./sender.ts";

/** What the peer's Close said. */
interface ReceivedClose {
  readonly code: number;
  readonly reason: string;
}

/** One open WebSocket over a stream: reads for a {@link MessageReader}, writes by a {@link Sender}, and closes by both. */
export class Connection implements WebSocketConnection {
  readonly role: WebSocketRole;
  readonly protocol: string;
  readonly deflate: DeflateParameters | undefined;
  readonly #stream: Duplex;
  readonly #events: WebSocketEvents;
  readonly #peer: string | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #closeTimeoutMilliseconds: number;
  readonly #messageBytes: number;
  readonly #reader: MessageReader;
  readonly #sender: Sender;
  readonly #keepAlive: KeepAlive | undefined;
  #inflater: Inflater | undefined;

  #state: WebSocketState = "open";
  /** Whether {@link close} was called: nobody wants to hear more. */
  #isLeaving = false;
  #hasSentClose = false;
  #receivedClose: ReceivedClose | undefined;
  /** Why it is not clean, in a box: anything can be the reason of a signal. */
  #failure: { readonly error: unknown } | undefined;
  #closeTimer: NodeJS.Timeout | undefined;

  #isPaused = false;
  #isInflating = false;
  /** What came and was not read. */
  #rest: Uint8Array | undefined;
  /** The stream has ended, or closed, behind what was not read: sockets tell so even while they are paused. */
  #unheard: "nothing" | "end" | "close" = "nothing";

  constructor(stream: Duplex, options: WebSocketConnectionOptions, events: WebSocketEvents) {
    const { role, protocol = "", deflate, deflateFromBytes = 1_024, peer, limits, signal, head, keepAlive } = options;
    const { sendHighWaterBytes = 65_536, closeTimeoutMilliseconds = 10_000 } = options;
    this.role = role;
    this.protocol = protocol;
    this.deflate = deflate;
    this.#stream = stream;
    this.#events = events;
    this.#peer = peer;
    this.#signal = signal;
    this.#closeTimeoutMilliseconds = closeTimeoutMilliseconds;
    this.#messageBytes = limits?.messageBytes ?? DEFAULT_WEBSOCKET_LIMITS.messageBytes;
    this.#reader = new MessageReader(this.#sink(), {
      role,
      allowsCompression: deflate !== undefined,
      peer,
      limits,
      platform: NODE_PLATFORM,
    });
    this.#sender = new Sender(stream, {
      keys: role === "client" ? new MaskKeys() : undefined,
      deflater: deflate === undefined ? undefined : new Deflater(compressionOf(role, deflate)),
      deflateFromBytes,
      highWaterBytes: sendHighWaterBytes,
      onRoom: () => {
        this.#tell(() => this.#events.onDrain?.());
      },
      onCloseSent: () => {
        this.#closeSent();
      },
      onError: (error) => {
        this.#fail(error, CloseCode.internalError);
      },
    });
    if (keepAlive !== undefined) this.#keepAlive = this.#startKeepAlive(keepAlive);
    this.#listen(head);
  }

  get state(): WebSocketState {
    return this.#state;
  }

  get bufferedBytes(): number {
    return this.#sender.bufferedBytes;
  }

  send(data: string | Uint8Array): boolean {
    return this.#state === "open" && this.#sender.message(data);
  }

  pause(): void {
    if (this.#state !== "open") return;
    this.#isPaused = true;
    this.#holdReading();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#goOn();
  }

  ping(payload: Uint8Array = NO_OCTETS): void {
    if (payload.length > CONTROL_PAYLOAD_LIMIT) {
      throw new UsageError("OPTION_INVALID", { detail: "payload", remedy: "give at most 125 octets" });
    }
    if (this.#state === "open") this.#sender.ping(payload);
  }

  close(code?: number, reason = ""): void {
    if (code !== undefined && !mayBeSent(code)) {
      throw new UsageError("OPTION_INVALID", {
        detail: `code ${String(code)}`,
        remedy: "see which codes a Close may have",
      });
    }
    const payload = formatClosePayload(code, reason);
    if (payload === undefined || (code === undefined && reason !== "")) {
      const remedy = `give a code, and a reason of at most ${String(CLOSE_REASON_LIMIT)} octets`;
      throw new UsageError("OPTION_INVALID", { detail: "reason", remedy });
    }
    if (this.#state !== "open") return;
    this.#isLeaving = true;
    this.#beginClosing();
    this.#sender.close(payload);
  }

  destroy(error?: unknown): void {
    if (this.#state === "closed") return;
    this.#failure ??= { error };
    this.#state = "closing";
    this.#sender.end();
    this.#cut();
  }

  #listen(head: Uint8Array | undefined): void {
    const stream = this.#stream;
    if (head !== undefined && head.length > 0) stream.unshift(head);
    stream.on("error", (error) => {
      this.#failure ??= { error: transportErrorFrom(error, { peer: this.#peer, operation: "read" }) };
    });
    stream.on("end", () => {
      this.#ended();
    });
    stream.on("close", () => {
      if (this.#hasUnread) this.#unheard = "close";
      else this.#finish();
    });
    stream.on("data", this.#onData);
    this.#signal?.addEventListener("abort", this.#onAbort);
    if (this.#signal?.aborted === true) this.#onAbort();
    // Of a stream that closed before, no event will tell.
    if (stream.closed) process.nextTick(() => this.#finish());
  }

  readonly #onAbort = (): void => {
    this.destroy(this.#signal?.reason);
  };

  readonly #onData = (chunk: Uint8Array): void => {
    this.#keepAlive?.heard();
    if (this.#failure === undefined) this.#read(chunk);
  };

  /** Reads what came; what it makes us send is written at its end. */
  #read(chunk: Uint8Array): void {
    this.#sender.hold();
    try {
      const at = this.#reader.read(chunk);
      this.#rest = at < chunk.length ? chunk.subarray(at) : undefined;
    } catch (error) {
      this.#fail(error, error instanceof ProtocolError ? closeCodeFor(error.code) : CloseCode.internalError);
    }
    this.#sender.release();
  }

  #holdReading(): void {
    this.#reader.pause();
    this.#stream.pause();
  }

  #goOn(): void {
    if (this.#isPaused || this.#isInflating || this.#failure !== undefined) return;
    this.#reader.resume();
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#read(rest);
    // Whoever was told of something just now may have paused again.
    if (this.#reader.isPaused) return;
    if (this.#unheard === "nothing") this.#stream.resume();
    else this.#ended();
    if (this.#unheard === "close") this.#finish();
  }

  /** Whether something has come that nobody was told of yet. */
  get #hasUnread(): boolean {
    return this.#failure === undefined && (this.#rest !== undefined || this.#isInflating);
  }

  #cut(): void {
    this.#stream.destroy();
    // Of a stream that closed before, no event will tell.
    if (this.#unheard === "close") this.#finish();
  }

  #sink(): MessageSink {
    return {
      onText: (text) => {
        this.#deliver(text);
      },
      onBinary: (octets) => {
        this.#deliver(octets);
      },
      onDeflated: (piece, isText, isEnd) => {
        this.#inflate(piece, isText, isEnd);
      },
      onPing: (payload) => {
        if (!this.#hasSentClose) this.#sender.pong(payload);
        if (this.#events.onPing !== undefined) this.#tell(() => this.#events.onPing?.(payload.slice()));
      },
      onPong: (payload) => {
        if (this.#events.onPong !== undefined) this.#tell(() => this.#events.onPong?.(payload.slice()));
      },
      onClose: (code, reason) => {
        this.#closeReceived({ code, reason });
      },
    };
  }

  #deliver(data: string | Uint8Array): void {
    if (this.#isLeaving) return;
    try {
      this.#events.onMessage(data);
    } catch (error) {
      this.#fail(error, CloseCode.internalError);
    }
  }

  #tell(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.#fail(error, CloseCode.internalError);
    }
  }

  /** Reads nothing more before the piece is decompressed: so much may wait, and the order stays. */
  #inflate(piece: Uint8Array, isText: boolean, isEnd: boolean): void {
    this.#isInflating = true;
    this.#holdReading();
    this.#inflater ??= this.#openInflater();
    this.#inflater.take(piece, isText, isEnd, (failure, message) => {
      this.#isInflating = false;
      if (failure !== undefined) {
        this.#fail(failure, closeCodeFor(failure.code));
        return;
      }
      this.#sender.hold();
      if (message !== undefined) this.#deliver(isText ? message.toString() : message);
      this.#sender.release();
      this.#goOn();
    });
  }

  #openInflater(): Inflater {
    // Compressed frames are refused where nothing was agreed.
    const deflate = this.deflate ?? NO_DEFLATE;
    const peerRole = this.role === "client" ? "server" : "client";
    return new Inflater({ ...compressionOf(peerRole, deflate), messageBytes: this.#messageBytes, peer: this.#peer });
  }

  /** RFC 6455 section 5.5.1: a Close is answered by one, which says the same. */
  #closeReceived(received: ReceivedClose): void {
    this.#receivedClose = received;
    if (this.#hasSentClose) {
      this.#bothClosed();
    } else {
      const code = received.code === CloseCode.none ? undefined : received.code;
      if (!this.#isLeaving) this.#sender.close(formatClosePayload(code, "") ?? NO_OCTETS);
    }
    this.#beginClosing();
  }

  #closeSent(): void {
    this.#hasSentClose = true;
    if (this.#receivedClose !== undefined || this.#failure !== undefined) this.#bothClosed();
  }

  /** RFC 6455 section 7.1.1: the server closes TCP first, and a client waits for it, for a while. */
  #bothClosed(): void {
    if (this.role === "server" || this.#failure !== undefined) this.#stream.end();
  }

  /** From now on the stream is read to its end, and given up after a while. */
  #beginClosing(): void {
    if (this.#state === "closed") return;
    this.#state = "closing";
    this.#keepAlive?.stop();
    this.#closeTimer ??= setTimeout(() => {
      this.#closeTimedOut();
    }, this.#closeTimeoutMilliseconds).unref();
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#goOn();
    }
  }

  #closeTimedOut(): void {
    if (this.#receivedClose === undefined) {
      this.#failure ??= {
        error: new TransportError("CONNECTION_TIMED_OUT", { peer: this.#peer, operation: "close" }),
      };
    }
    this.#cut();
  }

  /** Fails the connection, RFC 6455 section 7.1.7: says why, reads nothing more, and closes the stream. */
  #fail(error: unknown, code: number): void {
    if (this.#failure !== undefined || this.#state === "closed") return;
    this.#failure = { error };
    this.#rest = undefined;
    this.#isPaused = false;
    this.#reader.pause();
    this.#inflater?.close();
    if (this.#hasSentClose) this.#stream.end();
    else this.#sender.closeNow(formatClosePayload(code, "") ?? NO_OCTETS);
    this.#beginClosing();
    // What still comes is thrown away: a stream that is not read to its end would be reset, and the Close lost.
    this.#stream.resume();
    if (this.#unheard === "close") this.#finish();
  }

  /** The peer has ended the stream. */
  #ended(): void {
    if (this.#hasUnread) {
      this.#unheard = "end";
      return;
    }
    this.#sender.end();
    this.#stream.end();
  }

  #finish(): void {
    if (this.#state === "closed") return;
    const received = this.#receivedClose;
    const isClean = received !== undefined && this.#hasSentClose;
    if (received === undefined) this.#failure ??= { error: this.#abruptEnd() };
    this.#state = "closed";
    clearTimeout(this.#closeTimer);
    this.#keepAlive?.stop();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#sender.end();
    this.#inflater?.close();
    this.#rest = undefined;
    this.#events.onClose({
      code: received?.code ?? CloseCode.abnormal,
      reason: received?.reason ?? "",
      wasClean: isClean,
      error: isClean ? undefined : this.#failure?.error,
    });
  }

  #abruptEnd(): ProtocolError {
    const detail = this.#reader.isAmid ? "amid a message" : undefined;
    return new ProtocolError("WEBSOCKET_CLOSED_ABRUPTLY", { peer: this.#peer, operation: "read", detail });
  }

  #startKeepAlive(options: NonNullable<WebSocketConnectionOptions["keepAlive"]>): KeepAlive {
    return new KeepAlive(options, {
      canHear: () => !this.#reader.isPaused,
      ask: () => {
        this.ping();
      },
      onSilence: () => {
        this.destroy(new TransportError("CONNECTION_TIMED_OUT", { peer: this.#peer, operation: "keep-alive" }));
      },
    });
  }
}

const NO_OCTETS = new Uint8Array(0);

const NO_DEFLATE: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** How a side compresses, by what was agreed. */
function compressionOf(
  role: WebSocketRole,
  deflate: DeflateParameters,
): { readonly windowBits: number; readonly noContextTakeover: boolean } {
  return role === "client"
    ? { windowBits: deflate.clientMaxWindowBits, noContextTakeover: deflate.clientNoContextTakeover }
    : { windowBits: deflate.serverMaxWindowBits, noContextTakeover: deflate.serverNoContextTakeover };
}
