import type { DispatchHandler, HopOptions } from "../../dispatch.ts";
import type { HttpConnection, HttpConnectionEvents } from "../http-connection.ts";

/** A connection that serves several origins, each of which sees it as its own. RFC 9113 section 9.1.1. */
export class SharedConnection implements HttpConnectionEvents {
  readonly #connection: HttpConnection;
  readonly #views = new Set<View>();
  #isDraining = false;

  /** @param open makes the connection, whose events this is. */
  constructor(open: (events: HttpConnectionEvents) => HttpConnection) {
    this.#connection = open(this);
  }

  /** Whether it takes further requests, now or later. */
  get isOpen(): boolean {
    return this.#views.size > 0 && !this.#isDraining;
  }

  /** How one more origin sees it. */
  join(origin: string, events: HttpConnectionEvents): HttpConnection {
    const view = new View(this.#connection, origin, events, () => {
      this.#views.delete(view);
      return this.#views.size === 0;
    });
    this.#views.add(view);
    return view;
  }

  /** It serves an origin no longer. */
  dismiss(origin: string): void {
    for (const view of this.#views) if (view.origin === origin) void view.close();
  }

  onFree(): void {
    for (const { events } of this.#views) events.onFree();
  }

  onDraining(): void {
    this.#isDraining = true;
    for (const { events } of this.#views) events.onDraining();
  }

  onClosed(): void {
    const views = [...this.#views];
    this.#views.clear();
    for (const { events } of views) events.onClosed();
  }
}

class View implements HttpConnection {
  readonly protocol = "h2";
  readonly origin: string;
  readonly events: HttpConnectionEvents;
  readonly #connection: HttpConnection;
  /** Tells whether it was the last. */
  readonly #leave: () => boolean;
  #hasLeft = false;

  constructor(connection: HttpConnection, origin: string, events: HttpConnectionEvents, leave: () => boolean) {
    this.#connection = connection;
    this.origin = origin;
    this.events = events;
    this.#leave = leave;
  }

  get capacity(): number {
    return this.#hasLeft ? 0 : this.#connection.capacity;
  }

  start(options: HopOptions, handler: DispatchHandler): void {
    this.#connection.start(options, handler);
  }

  /** What is under way goes on; the last to leave closes the connection. */
  async close(): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.events.onDraining();
    if (this.#leave()) await this.#connection.close();
    this.events.onClosed();
  }

  destroy(reason: Error): void {
    this.#connection.destroy(reason);
  }
}
