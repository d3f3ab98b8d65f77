/** What an `on…` attribute takes. */
export type EventHandler<Kind extends Event = Event> = ((event: Kind) => unknown) | null;

/** What `addEventListener` takes. */
export type EventListening<Kind extends Event> =
  | ((event: Kind) => unknown)
  | { handleEvent(event: Kind): unknown }
  | null;

/**
 * An event target with event handler attributes: `onopen` and its like, each of which is one listener that can be replaced.
 *
 * @see WHATWG HTML section 8.1.8.1
 */
export abstract class HandlerTarget extends EventTarget {
  #handlers: Map<string, EventHandler> | undefined;

  protected handlerFor<Kind extends Event>(type: string): EventHandler<Kind> {
    return this.#handlers?.get(type) ?? null;
  }

  /** What is no function counts as none. */
  protected setHandler<Kind extends Event>(type: string, handler: EventHandler<Kind>): void {
    this.#handlers ??= new Map();
    const isNew = !this.#handlers.has(type);
    // It is called with what is dispatched under this name alone.
    this.#handlers.set(type, typeof handler === "function" ? (handler as EventHandler) : null);
    if (isNew) this.addEventListener(type, (event) => this.#handlers?.get(type)?.call(this, event));
  }
}
