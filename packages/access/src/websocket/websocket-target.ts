import type { FailureEvent } from "../web-events/failure-event.ts";
import { HandlerTarget, type EventHandler, type EventListening } from "../web-events/handler-target.ts";
import type { ReceivedMessageEvent } from "../web-events/message-event.ts";
import type { ReconnectingEvent } from "../web-events/reconnecting-event.ts";
import type { WebSocketCloseEvent } from "./close-event.ts";

/** The events of a WebSocket by their names. */
export interface WebSocketEventMap {
  /** Each time that it is open: with `reconnect`, more than once. */
  readonly open: Event;
  readonly message: ReceivedMessageEvent<string | Blob | ArrayBuffer | Uint8Array>;
  /** It is over, and not in good order; `close` follows. */
  readonly error: FailureEvent;
  readonly close: WebSocketCloseEvent;
  /** It was lost, or could not be opened, and will be again. */
  readonly reconnecting: ReconnectingEvent;
}

/** How the standard's interface shows states and events. WHATWG WebSockets section 3. */
export abstract class WebSocketTarget extends HandlerTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  get CONNECTING(): 0 {
    return WebSocketTarget.CONNECTING;
  }

  get OPEN(): 1 {
    return WebSocketTarget.OPEN;
  }

  get CLOSING(): 2 {
    return WebSocketTarget.CLOSING;
  }

  get CLOSED(): 3 {
    return WebSocketTarget.CLOSED;
  }

  get onopen(): EventHandler {
    return this.handlerFor("open");
  }

  set onopen(handler: EventHandler) {
    this.setHandler("open", handler);
  }

  get onmessage(): EventHandler<WebSocketEventMap["message"]> {
    return this.handlerFor("message");
  }

  set onmessage(handler: EventHandler<WebSocketEventMap["message"]>) {
    this.setHandler("message", handler);
  }

  get onerror(): EventHandler<FailureEvent> {
    return this.handlerFor("error");
  }

  set onerror(handler: EventHandler<FailureEvent>) {
    this.setHandler("error", handler);
  }

  get onclose(): EventHandler<WebSocketCloseEvent> {
    return this.handlerFor("close");
  }

  set onclose(handler: EventHandler<WebSocketCloseEvent>) {
    this.setHandler("close", handler);
  }

  override addEventListener<Type extends keyof WebSocketEventMap>(
    type: Type,
    listener: EventListening<WebSocketEventMap[Type]>,
    options?: Parameters<EventTarget["addEventListener"]>[2],
  ): void;
  override addEventListener(...given: Parameters<EventTarget["addEventListener"]>): void;
  override addEventListener(...[type, listener, options]: Parameters<EventTarget["addEventListener"]>): void {
    super.addEventListener(type, listener, options);
    if (type === "message") this.listened();
  }

  /** Somebody listens for messages. */
  protected abstract listened(): void;
}
