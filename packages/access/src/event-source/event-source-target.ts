import type { FailureEvent } from "../web-events/failure-event.ts";
import { HandlerTarget, type EventHandler, type EventListening } from "../web-events/handler-target.ts";
import type { ReceivedMessageEvent } from "../web-events/message-event.ts";
import type { ReconnectingEvent } from "../web-events/reconnecting-event.ts";

/** The events of a source by their names, beside those that its stream names. */
export interface EventSourceEventMap {
  /** Each time that a stream begins. */
  readonly open: Event;
  /** An event that the stream gives no name. */
  readonly message: ReceivedMessageEvent<string>;
  /** A stream ended or broke off: `readyState` tells whether it will be asked for again. */
  readonly error: FailureEvent;
  /** It will be asked for again. */
  readonly reconnecting: ReconnectingEvent;
}

const OWN_TYPES: ReadonlySet<string> = new Set(["open", "error", "reconnecting"]);

/** How the standard's interface shows states and events. WHATWG HTML section 9.2.2. */
export abstract class EventSourceTarget extends HandlerTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;

  get CONNECTING(): 0 {
    return EventSourceTarget.CONNECTING;
  }

  get OPEN(): 1 {
    return EventSourceTarget.OPEN;
  }

  get CLOSED(): 2 {
    return EventSourceTarget.CLOSED;
  }

  get onopen(): EventHandler {
    return this.handlerFor("open");
  }

  set onopen(handler: EventHandler) {
    this.setHandler("open", handler);
  }

  get onmessage(): EventHandler<ReceivedMessageEvent<string>> {
    return this.handlerFor("message");
  }

  set onmessage(handler: EventHandler<ReceivedMessageEvent<string>>) {
    this.setHandler("message", handler);
  }

  get onerror(): EventHandler<FailureEvent> {
    return this.handlerFor("error");
  }

  set onerror(handler: EventHandler<FailureEvent>) {
    this.setHandler("error", handler);
  }

  override addEventListener<Type extends keyof EventSourceEventMap>(
    type: Type,
    listener: EventListening<EventSourceEventMap[Type]>,
    options?: Parameters<EventTarget["addEventListener"]>[2],
  ): void;
  override addEventListener(
    type: string,
    listener: EventListening<ReceivedMessageEvent<string>>,
    options?: Parameters<EventTarget["addEventListener"]>[2],
  ): void;
  override addEventListener(...given: Parameters<EventTarget["addEventListener"]>): void;
  override addEventListener(
    type: string,
    listener: unknown,
    options?: Parameters<EventTarget["addEventListener"]>[2],
  ): void {
    // Its events are those that the overloads name.
    super.addEventListener(type, listener as Parameters<EventTarget["addEventListener"]>[1], options);
    if (!OWN_TYPES.has(type)) this.listened();
  }

  /** Somebody listens for events of the stream. */
  protected abstract listened(): void;
}
