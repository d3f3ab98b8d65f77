import { ProtocolError, TransportError, UsageError } from "@fairlead/core";
import {
  CLOSE_REASON_LIMIT,
  CloseCode,
  CONTROL_PAYLOAD_LIMIT,
  type DeflateParameters,
  formatClosePayload,
  mayBeSent,
} from "@fairlead/http/websocket";
import type { Duplex } from "node:stream";
import { transportErrorFrom } from "../transport-error.ts";
import { compressionOf } from "./compression.ts";
import type {
  WebSocketConnection,
  WebSocketConnectionOptions,
  WebSocketEvents,
  WebSocketRole,
  WebSocketState,
} from "./contract.ts";
import { Deflater } from "./deflater.ts";
import { KeepAlive } from "./keep-alive.ts";
import { MaskKeys } from "./mask-keys.ts";
import { Receiver, type ReceiverHearer } from "./receiver.ts";
import { Sender } from "./sender.ts";

/** What the peer's Close said. */
interface ReceivedClose {
  readonly code: number;
  readonly reason: string;
}

/** One open WebSocket over a stream: a {@link Receiver}, a {@link Sender}, and the closing handshake between them. */
export class Connection implements WebSocketConnection {
  readonly role: WebSocketRole;
  readonly protocol: string;
  readonly deflate: DeflateParameters | undefined;
  readonly #stream: Duplex;
  readonly #events: WebSocketEvents;
  readonly #peer: string | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #closeTimeoutMilliseconds: number;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  readonly #keepAlive: KeepAlive | undefined;

  #state: WebSocketState = "open";
  /** Whether {@link close} was called: nobody wants to hear more. */
  #isLeaving = false;
  #hasSentClose = false;
  #receivedClose: ReceivedClose | undefined;
  /** Why it is not clean, in a box: anything can be the reason of a signal. */
  #failure: { readonly error: unknown } | undefined;
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(stream: Duplex, options: WebSocketConnectionOptions, events: WebSocketEvents) {
    const { role, protocol = "", deflate, peer, signal, head, keepAlive, closeTimeoutMilliseconds = 10_000 } = options;
    this.role = role;
    this.protocol = protocol;
    this.deflate = deflate;
    this.#stream = stream;
    this.#events = events;
    this.#peer = peer;
    this.#signal = signal;
    this.#closeTimeoutMilliseconds = closeTimeoutMilliseconds;
    this.#receiver = new Receiver(stream, options, this.#hearer());
    this.#sender = this.#openSender(options);
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
    if (this.#state === "open") this.#receiver.pause();
  }

  resume(): void {
    this.#receiver.resume();
  }

  ping(payload: Uint8Array = NO_OCTETS): void {
    if (payload.length > CONTROL_PAYLOAD_LIMIT) {
      throw new UsageError("OPTION_INVALID", { detail: "payload", remedy: "give at most 125 octets" });
    }
    if (this.#state === "open") this.#sender.ping(payload);
  }

  close(code?: number, reason = ""): void {
    if (code !== undefined && !mayBeSent(code)) {
      const remedy = "give 1000 to 1003, 1007 to 1014, or 3000 to 4999";
      throw new UsageError("OPTION_INVALID", { detail: `code ${String(code)}`, remedy });
    }
    const payload = formatClosePayload(code, reason);
    if (payload === undefined || (code === undefined && reason !== "")) {
      const remedy = `give a code, and a reason of at most ${String(CLOSE_REASON_LIMIT)} octets`;
      throw new UsageError("OPTION_INVALID", { detail: "reason", remedy });
    }
    if (this.#state !== "open") return;
    this.#isLeaving = true;
    this.#sender.close(payload);
    this.#beginClosing();
  }

  destroy(error?: unknown): void {
    if (this.#state === "closed") return;
    this.#failure ??= { error };
    this.#state = "closing";
    this.#sender.end();
    this.#receiver.discard();
    this.#stream.destroy();
  }

  #listen(head: Uint8Array | undefined): void {
    const stream = this.#stream;
    if (head !== undefined && head.length > 0) stream.unshift(head);
    stream.on("error", (error) => {
      this.#failure ??= { error: transportErrorFrom(error, { peer: this.#peer, operation: "read" }) };
    });
    stream.on("end", () => {
      this.#receiver.whenHeard(() => {
        this.#sender.end();
        stream.end();
      });
    });
    stream.on("close", () => {
      this.#receiver.whenHeard(() => {
        this.#finish();
      });
    });
    stream.on("data", this.#receiver.take);
    this.#signal?.addEventListener("abort", this.#onAbort);
    if (this.#signal?.aborted === true) this.#onAbort();
    // Of a stream that closed before, no event will tell.
    if (stream.closed) {
      process.nextTick(() => {
        this.#finish();
      });
    }
  }

  readonly #onAbort = (): void => {
    this.destroy(this.#signal?.reason);
  };

  #hearer(): ReceiverHearer {
    return {
      onMessage: (data) => {
        if (this.#isLeaving) return;
        try {
          this.#events.onMessage(data);
        } catch (error) {
          this.#fail(error, CloseCode.internalError);
        }
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
      onFault: (error, closeCode) => {
        this.#fail(error, closeCode);
      },
      onHearing: () => {
        this.#keepAlive?.heard();
        this.#sender.hold();
      },
      onHeard: () => {
        this.#sender.release();
      },
    };
  }

  #openSender(options: WebSocketConnectionOptions): Sender {
    const { role, deflate, deflateFromBytes = 1_024, sendHighWaterBytes = 65_536 } = options;
    return new Sender(this.#stream, {
      keys: role === "client" ? new MaskKeys() : undefined,
      deflater: deflate === undefined ? undefined : new Deflater(compressionOf(role, deflate)),
      deflateFromBytes,
      highWaterBytes: sendHighWaterBytes,
      onRoom: () => {
        this.#tell(() => this.#events.onDrain?.());
      },
      onCloseSent: () => {
        this.#hasSentClose = true;
        if (this.#receivedClose !== undefined || this.#failure !== undefined) this.#bothClosed();
      },
      onError: (error) => {
        this.#fail(error, CloseCode.internalError);
      },
    });
  }

  #tell(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.#fail(error, CloseCode.internalError);
    }
  }

  /** RFC 6455 section 5.5.1: a Close is answered by one, which says the same. */
  #closeReceived(received: ReceivedClose): void {
    this.#receivedClose = received;
    const code = received.code === CloseCode.none ? undefined : received.code;
    if (this.#hasSentClose) this.#bothClosed();
    else if (!this.#isLeaving) this.#sender.close(formatClosePayload(code, "") ?? NO_OCTETS);
    this.#beginClosing();
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
    this.#receiver.resume();
  }

  #closeTimedOut(): void {
    if (this.#receivedClose === undefined) {
      const error = new TransportError("CONNECTION_TIMED_OUT", { peer: this.#peer, operation: "close" });
      this.#failure ??= { error };
    }
    this.#receiver.discard();
    this.#stream.destroy();
  }

  /** Fails the connection, RFC 6455 section 7.1.7: says why, hears nothing more, and closes the stream. */
  #fail(error: unknown, code: number): void {
    if (this.#failure !== undefined || this.#state === "closed") return;
    this.#failure = { error };
    this.#receiver.discard();
    if (this.#hasSentClose) this.#stream.end();
    else this.#sender.closeNow(formatClosePayload(code, "") ?? NO_OCTETS);
    this.#beginClosing();
  }

  #finish(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#closeTimer);
    this.#keepAlive?.stop();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#sender.end();
    const { isAmid } = this.#receiver;
    this.#receiver.discard();
    const { code, reason } = this.#receivedClose ?? { code: CloseCode.abnormal, reason: "" };
    const wasClean = this.#receivedClose !== undefined && this.#hasSentClose;
    if (!wasClean) this.#failure ??= { error: this.#abruptEnd(isAmid) };
    this.#events.onClose({ code, reason, wasClean, error: wasClean ? undefined : this.#failure?.error });
  }

  #abruptEnd(isAmid: boolean): ProtocolError {
    const detail = isAmid ? "amid a message" : undefined;
    return new ProtocolError("WEBSOCKET_CLOSED_ABRUPTLY", { peer: this.#peer, operation: "read", detail });
  }

  #startKeepAlive(options: NonNullable<WebSocketConnectionOptions["keepAlive"]>): KeepAlive {
    return new KeepAlive(options, {
      canHear: () => !this.#receiver.isHeld,
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
