import { EventEmitter } from "node:events";
import { PolicyError, UsageError } from "@fairlead/core";
import type {
  WebSocketClosure,
  WebSocketConnection,
  WebSocketEvents,
  WebSocketState,
} from "@fairlead/transport/websocket";

/** What a socket tells. */
export interface ServerWebSocketEvents {
  /** A text as a string, a binary message as octets of the hearer's own. */
  message: [data: string | Uint8Array];
  close: [closure: WebSocketClosure];
}

/** How much may wait on a socket. */
export interface WaitingLimits {
  readonly readHighWaterBytes: number;
  readonly sendLimitBytes: number;
}

/**
 * A WebSocket that the server has opened. Its messages are read by `for await`, or heard by `message` listeners; until
 * there is one or the other they wait, and with them the client.
 *
 * @example
 * for await (const message of socket) await socket.send(message);
 */
export class ServerWebSocket extends EventEmitter<ServerWebSocketEvents> implements WebSocketEvents, AsyncDisposable {
  readonly #limits: WaitingLimits;
  readonly #closed = Promise.withResolvers<WebSocketClosure>();
  /** Messages that nobody has read. */
  readonly #inbox: (string | Uint8Array)[] = [];
  #inboxBytes = 0;
  #reader: PromiseWithResolvers<IteratorResult<string | Uint8Array, undefined>> | undefined;
  #isHeld = false;
  #connection: WebSocketConnection | undefined;
  #closure: WebSocketClosure | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  /** What a listener threw, in a box. */
  #failure: { readonly error: unknown } | undefined;

  /** {@link acceptWebSocket} makes it. @internal */
  constructor(limits: WaitingLimits) {
    super({ captureRejections: true });
    this.#limits = limits;
  }

  /** The agreed subprotocol; empty without one. */
  get protocol(): string {
    return this.#open.protocol;
  }

  get state(): WebSocketState {
    return this.#open.state;
  }

  /** Octets that wait to be sent. */
  get bufferedBytes(): number {
    return this.#open.bufferedBytes;
  }

  /** Resolves when it is over, to how; never rejects. */
  get closed(): Promise<WebSocketClosure> {
    return this.#closed.promise;
  }

  /**
   * Sends a message, a text for a string. Octets must stay as they are until it resolves.
   *
   * @returns resolves when there is room for more, or the socket is over. Who sends on without waiting is cut off at
   * `sendLimitBytes`, and the closure's error is PolicyError READER_TOO_SLOW.
   */
  async send(data: string | Uint8Array): Promise<void> {
    const connection = this.#open;
    if (connection.send(data) || connection.state !== "open") return;
    if (connection.bufferedBytes > this.#limits.sendLimitBytes) {
      connection.destroy(new PolicyError("READER_TOO_SLOW", { operation: "send" }));
      return;
    }
    this.#room ??= Promise.withResolvers();
    await this.#room.promise;
  }

  /** Sends a ping; at most 125 octets. */
  ping(payload?: Uint8Array): void {
    this.#open.ping(payload);
  }

  /** Hears nothing more for now, so that the client has to wait. */
  pause(): void {
    this.#isHeld = true;
    this.#open.pause();
  }

  resume(): void {
    this.#isHeld = false;
    this.#flow();
  }

  /**
   * Says Close behind all that was sent. A second call does nothing.
   *
   * @param code 1000 by default, to 1003, 1007 to 1014, or 3000 to 4999.
   * @param reason at most 123 octets as UTF-8.
   * @throws UsageError OPTION_INVALID
   */
  close(code = 1000, reason = ""): void {
    this.#open.close(code, reason);
    this.#endReading();
  }

  /** Cuts it. `error` becomes the closure's. */
  destroy(error?: unknown): void {
    this.#open.destroy(error);
  }

  /** Closes it, and waits for the client to agree. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.closed;
  }

  /** Its messages until it is over, however it ended; leaving the loop early closes it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Uint8Array, undefined> {
    return {
      next: () => this.#next(),
      return: () => {
        this.close();
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  override on<Name extends keyof ServerWebSocketEvents>(
    name: Name,
    listener: (...args: ServerWebSocketEvents[Name]) => void,
  ): this {
    // The types of EventEmitter make of a parameter what they make of a name that is known.
    super.on(name, listener as never);
    if (name === "message") process.nextTick(() => this.#flow());
    return this;
  }

  /** It is open from here. @internal */
  begin(connection: WebSocketConnection): void {
    this.#connection = connection;
  }

  /** @internal */
  onMessage(data: string | Uint8Array): void {
    if (this.#reader !== undefined) {
      const reader = this.#reader;
      this.#reader = undefined;
      reader.resolve({ done: false, value: data });
      return;
    }
    if (this.#isHeard && !this.#isHeld && this.#inbox.length === 0) {
      this.#tell(data);
      return;
    }
    this.#inbox.push(data);
    this.#inboxBytes += sizeOf(data);
    if (this.#inboxBytes >= this.#limits.readHighWaterBytes) this.#open.pause();
  }

  /** @internal */
  onDrain(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** @internal */
  onClose(closure: WebSocketClosure): void {
    this.#closure = closure;
    this.onDrain();
    if (this.#inbox.length === 0) this.#endReading();
    try {
      this.emit("close", closure);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#closed.resolve(this.#failure === undefined ? closure : { ...closure, error: this.#failure.error });
  }

  /** A listener that is asynchronous has failed. @internal */
  [Symbol.for("nodejs.rejection")](error: unknown): void {
    this.#fail(error);
  }

  get #open(): WebSocketConnection {
    if (this.#connection === undefined) throw new UsageError("WEBSOCKET_NOT_OPEN");
    return this.#connection;
  }

  get #isHeard(): boolean {
    return this.listenerCount("message") > 0;
  }

  #next(): Promise<IteratorResult<string | Uint8Array, undefined>> {
    const value = this.#take();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#closure !== undefined || this.state !== "open") return Promise.resolve({ done: true, value: undefined });
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  #take(): string | Uint8Array | undefined {
    const value = this.#inbox.shift();
    if (value === undefined) return undefined;
    this.#inboxBytes -= sizeOf(value);
    if (this.#inboxBytes < this.#limits.readHighWaterBytes && !this.#isHeld) this.#open.resume();
    return value;
  }

  /** Tells listeners what has waited for them. */
  #flow(): void {
    while (this.#isHeard && !this.#isHeld) {
      const value = this.#take();
      if (value === undefined) break;
      this.#tell(value);
    }
    if (!this.#isHeld && this.#inboxBytes < this.#limits.readHighWaterBytes) this.#open.resume();
  }

  #tell(data: string | Uint8Array): void {
    try {
      this.emit("message", data);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.close(INTERNAL_ERROR);
  }

  #endReading(): void {
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }
}

/** RFC 6455 section 7.4.1. */
const INTERNAL_ERROR = 1011;

/** What a message costs that waits, empty ones too, of which a client can send many. */
function sizeOf(data: string | Uint8Array): number {
  return data.length + 64;
}
