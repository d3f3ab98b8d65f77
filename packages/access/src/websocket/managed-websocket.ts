import { isCodedError, ProtocolError, UsageError } from "@fairlead/core";
import type { WebSocketClosure } from "@fairlead/transport/websocket";
import type { Tenant } from "../tenants.ts";
import { recordTransaction } from "../transaction.ts";
import { FailureEvent } from "../web-events/failure-event.ts";
import { Inbox } from "../web-events/inbox.ts";
import { ReceivedMessageEvent } from "../web-events/message-event.ts";
import { ReconnectingEvent } from "../web-events/reconnecting-event.ts";
import type { StreamGround } from "../web-events/stream-ground.ts";
import { checkClose } from "./check-close.ts";
import { WebSocketCloseEvent } from "./close-event.ts";
import { Link, notOpen } from "./link.ts";
import { shapeMessage, sizeOf, type BinaryType, type WebSocketMessage } from "./message.ts";
import type { OpenedWebSocket } from "./open-connection.ts";
import type { WebSocketOptions } from "./options.ts";
import { Outbox, type WebSocketData } from "./outbox.ts";
import type { WebSocketEnd, WebSocketFacts } from "./outcome.ts";
import { Reopening } from "./reopening.ts";
import { WebSocketTarget } from "./websocket-target.ts";
import { checkProtocols, parseWebSocketUrl } from "./websocket-url.ts";

const READ_AHEAD_BYTES = 64 * 1024;
const GOING_AWAY = 1001;
const NO_CLOSE = 1006;

/**
 * A WebSocket of a manager: the interface of the standard, and beside it what a program needs that is no page. Messages that
 * come before anybody listens, or faster than they are read, hold the peer back.
 *
 * @see WHATWG WebSockets section 3
 */
export class ManagedWebSocket extends WebSocketTarget implements AsyncDisposable {
  readonly url: string;
  /** What a binary message of an event is: `blob` by default, as browsers have it. Iteration always gives bytes. */
  binaryType: BinaryType = "blob";
  readonly #ground: StreamGround;
  readonly #options: WebSocketOptions;
  readonly #target: URL;
  readonly #reopening: Reopening | undefined;
  readonly #inbox: Inbox<WebSocketMessage>;
  readonly #tenant: Tenant;
  readonly #onAbort: (() => void) | undefined;
  #readyState: 0 | 1 | 2 | 3 = 0;
  /** Ends what is being opened, or is open. */
  #ending = new AbortController();
  #link: Link | undefined;
  #facts: WebSocketFacts | undefined;
  /** What the application, or the manager, ended it with. */
  #endReason: { readonly error: unknown } | undefined;
  #droppedBytes = 0;
  readonly #opened = Promise.withResolvers<WebSocketFacts>();
  readonly #closed = Promise.withResolvers<WebSocketEnd>();

  /**
   * Use `manager.webSocket`.
   *
   * @throws UsageError @internal
   */
  constructor(ground: StreamGround, url: string | URL, options: WebSocketOptions = {}) {
    super();
    const { shown, target } = parseWebSocketUrl(url);
    checkProtocols(options.protocols, target.host);
    this.url = shown.href;
    this.#target = target;
    this.#ground = ground;
    this.#options = options;
    this.#reopening = Reopening.of(options.reconnect);
    this.#inbox = new Inbox(options.readAheadBytes ?? READ_AHEAD_BYTES, sizeOf, {
      dispatch: (message) => {
        this.dispatchEvent(new ReceivedMessageEvent("message", shapeMessage(message, this.binaryType), shown.origin));
      },
      onRoom: (hasRoom) => {
        this.#link?.setRoom(hasRoom);
      },
    });
    // Whoever wants to know asks.
    this.#opened.promise.catch(() => undefined);
    this.#tenant = {
      close: async () => {
        this.#close(GOING_AWAY, "", new UsageError("MANAGER_CLOSED", { operation: "open", peer: target.host }));
        await this.#closed.promise;
      },
      destroy: (reason) => {
        this.#destroy(reason);
      },
    };
    const { signal } = options;
    if (signal !== undefined) {
      this.#onAbort = (): void => {
        this.#destroy(signal.reason);
      };
      signal.addEventListener("abort", this.#onAbort);
    }
    ground.tenants.add(this.#tenant);
    if (signal?.aborted === true) {
      queueMicrotask(() => {
        this.#finish({ code: NO_CLOSE, reason: "", wasClean: false }, signal.reason);
      });
    } else {
      this.#open();
    }
  }

  get readyState(): 0 | 1 | 2 | 3 {
    // The peer has said Close, or broken a rule.
    return this.#readyState === 1 && this.#link?.isOpen !== true ? 2 : this.#readyState;
  }

  get protocol(): string {
    return this.#facts?.protocol ?? "";
  }

  get extensions(): string {
    return this.#facts?.extensions ?? "";
  }

  /** Bytes that were given to `send` and have not left to the system, or never will. */
  get bufferedAmount(): number {
    return this.#droppedBytes + (this.#link?.bytes ?? 0);
  }

  /** Resolves when it is open the first time; rejects with the typed error, or the reason of the signal. */
  get opened(): Promise<WebSocketFacts> {
    return this.#opened.promise;
  }

  /** Resolves when it is over, in whatever way; the event `error` tells more of a bad one. */
  get closed(): Promise<WebSocketEnd> {
    return this.#closed.promise;
  }

  /**
   * Sends a message: a string is a text, everything else a binary message. That it was sent says nothing of its arrival:
   * {@link confirmed} does.
   *
   * @throws DOMException InvalidStateError while it is being opened, for the first time or again.
   */
  send(data: WebSocketData): void {
    if (this.#readyState === 0) {
      throw new DOMException(`${this.#target.host}: the WebSocket is not open`, "InvalidStateError");
    }
    if (this.readyState === 1 && this.#link !== undefined) this.#link.send(data);
    else this.#droppedBytes += Outbox.sizeOf(data);
  }

  /**
   * Says Close behind all that was sent.
   *
   * @param code 1000, or 3000 to 4999.
   * @param reason at most 123 bytes as UTF-8.
   * @throws DOMException InvalidAccessError for another code, SyntaxError for a longer reason.
   */
  close(code?: number, reason = ""): void {
    checkClose(code, reason);
    this.#close(code, reason, new DOMException("the WebSocket was closed before it was open", "AbortError"));
  }

  /**
   * Resolves as soon as there is room for more to send: now, where the peer keeps up.
   *
   * @throws what the connection was lost to.
   */
  async drained(): Promise<void> {
    if (this.#link === undefined) throw this.#notOpen("drain");
    await this.#link.drained();
  }

  /**
   * Resolves when the peer has read all that was sent before: it has answered a ping that was sent behind it. What was not
   * confirmed may be lost with its connection. The answer lies behind the messages that came before it, which somebody has to
   * read where there are more of them than are read ahead.
   *
   * @throws what the connection was lost to.
   */
  async confirmed(): Promise<void> {
    if (this.#link === undefined) throw this.#notOpen("confirm");
    await this.#link.confirmed();
  }

  /**
   * The messages as they come, over all that `reconnect` opens again. Whoever reads slowly holds the peer back. To leave the
   * loop closes nothing: another one goes on.
   *
   * @throws what the WebSocket ended with, unless that was in good order.
   */
  [Symbol.asyncIterator](): AsyncGenerator<WebSocketMessage, void, undefined> {
    return this.#inbox.iterate();
  }

  /** Closes it, and waits until it is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#closed.promise;
  }

  #open(): void {
    const ending = new AbortController();
    this.#ending = ending;
    // Nearly all of this is loaded with the first socket.
    import("./open-connection.ts")
      .then(({ openConnection }) =>
        openConnection(this.#target, this.#options, ending.signal, this.#ground.requests, {
          onMessage: (data) => {
            // What it gives is never shared memory.
            this.#inbox.push(data as WebSocketMessage);
          },
          onClose: (closure) => {
            this.#onClose(closure);
          },
          onDrain: () => {
            this.#link?.onDrain();
          },
          onPong: (payload) => {
            this.#link?.onPong(payload);
          },
        }),
      )
      .then(
        (opened) => {
          this.#onOpen(opened);
        },
        (failure: unknown) => {
          this.#onFailed(failure);
        },
      );
  }

  #onOpen({ connection, extensions, fields, transaction }: OpenedWebSocket): void {
    if (this.#endReason !== undefined) {
      connection.destroy(this.#endReason.error);
      return;
    }
    this.#link = new Link(connection, this.#target.host);
    this.#facts = { protocol: connection.protocol, extensions, headers: fields, transaction };
    recordTransaction(this, transaction);
    if (!this.#inbox.hasRoom) this.#link.setRoom(false);
    this.#reopening?.opened();
    this.#readyState = 1;
    this.#opened.resolve(this.#facts);
    this.dispatchEvent(new Event("open"));
  }

  #onFailed(failure: unknown): void {
    const { error, mayPass } = Reopening.judge(failure);
    if (this.#endReason === undefined && mayPass && this.#reopen(error)) return;
    this.#finish({ code: NO_CLOSE, reason: "", wasClean: false }, this.#endReason?.error ?? error);
  }

  #onClose(closure: WebSocketClosure): void {
    const error = this.#explain(closure);
    const hasEnded = this.#endReason !== undefined || this.#readyState === 2;
    this.#link?.lose(error);
    this.#droppedBytes += this.#link?.bytes ?? 0;
    this.#link = undefined;
    if (!hasEnded && Reopening.follows(closure) && this.#reopen(error)) return;
    this.#finish(closure, error);
  }

  /** Tells whether it will be opened again. */
  #reopen(error: unknown): boolean {
    const next = this.#reopening?.next(() => {
      this.#open();
    });
    if (next === undefined) return false;
    this.#readyState = 0;
    this.dispatchEvent(new ReconnectingEvent(next.attempt, next.afterMilliseconds, error));
    return true;
  }

  #finish({ code, reason, wasClean }: WebSocketEnd, error: unknown): void {
    if (this.#readyState === 3) return;
    this.#readyState = 3;
    this.#reopening?.cancel();
    this.#ground.tenants.delete(this.#tenant);
    if (this.#onAbort !== undefined) this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#opened.reject(error ?? this.#notOpen("open"));
    this.#inbox.end(wasClean ? undefined : error);
    this.#closed.resolve({ code, reason, wasClean });
    if (!wasClean) this.dispatchEvent(new FailureEvent(error));
    this.dispatchEvent(new WebSocketCloseEvent(code, reason, wasClean));
  }

  #close(code: number | undefined, reason: string, early: unknown): void {
    if (this.#readyState >= 2) return;
    if (this.#readyState === 0 || this.#link === undefined) {
      this.#destroy(early);
      this.#readyState = this.#readyState === 0 ? 2 : this.#readyState;
      return;
    }
    this.#readyState = 2;
    this.#link.close(code, reason);
  }

  #destroy(error: unknown): void {
    if (this.#readyState === 3) return;
    this.#endReason ??= { error };
    const isWaiting = this.#reopening?.cancel() === true;
    this.#ending.abort(error);
    if (isWaiting) this.#finish({ code: NO_CLOSE, reason: "", wasClean: false }, error);
  }

  protected override listened(): void {
    this.#inbox.listened();
  }

  /** What a closure that was not clean is told as; `undefined` for one that was. */
  #explain({ wasClean, error }: WebSocketClosure): unknown {
    if (this.#endReason !== undefined) return this.#endReason.error;
    if (wasClean) return undefined;
    if (isCodedError(error)) return error;
    return new ProtocolError("WEBSOCKET_CLOSED_ABRUPTLY", { peer: this.#target.host, operation: "read", cause: error });
  }

  #notOpen(operation: string): UsageError {
    return notOpen(operation, this.#target.host);
  }
}
