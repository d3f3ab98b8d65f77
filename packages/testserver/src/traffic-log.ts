import type { TlsFacts } from "./tls-facts.ts";

/** One thing that happened at a service. */
export type TrafficEvent = TrafficOccasion &
  (
    | { readonly type: "opened"; readonly peer: string }
    | { readonly type: "secured"; readonly tls: TlsFacts }
    | { readonly type: "handshake-failed"; readonly reason: string }
    /** `credentials` is the scheme of those that came for a proxy, and never what they were. */
    | { readonly type: "request"; readonly method: string; readonly target: string; readonly credentials?: string }
    /** A line of a protocol that is spoken in lines, or what a message comes to; printable, never a secret. */
    | { readonly type: "said"; readonly by: "client" | "server"; readonly line: string }
    | { readonly type: "datagram"; readonly by: "client" | "server"; readonly peer: string; readonly sizeBytes: number }
    | { readonly type: "fault"; readonly fault: string; readonly did: string }
    /** The service itself could not be opened. */
    | { readonly type: "failed"; readonly reason: string }
    | { readonly type: "closed"; readonly receivedBytes: number; readonly sentBytes: number }
  );

/** When and where. */
export interface TrafficOccasion {
  /** Counts from 1. */
  readonly sequence: number;
  /** Milliseconds since the epoch, by the system's clock: what people look at runs as they do. */
  readonly at: number;
  readonly service: string;
  /** Number of the connection; 0 where there is none. */
  readonly connection: number;
}

/** A traffic event that is not on the log yet. */
export type NewTrafficEvent = TrafficEvent extends infer Event
  ? Event extends TrafficEvent
    ? Omit<Event, "sequence" | "at">
    : never
  : never;

const eventLimit = 2000;

/** The latest events of a network, and who wants to hear of the next. */
export class TrafficLog {
  readonly #listeners = new Set<(event: TrafficEvent) => void>();
  #events: TrafficEvent[] = [];
  #sequence = 0;

  add(event: NewTrafficEvent): void {
    this.#sequence += 1;
    const whole: TrafficEvent = { sequence: this.#sequence, at: Date.now(), ...event };
    this.#events.push(whole);
    if (this.#events.length >= 2 * eventLimit) this.#events = this.#events.slice(-eventLimit);
    for (const listener of this.#listeners) listener(whole);
  }

  /** The latest events, the oldest first. */
  get entries(): readonly TrafficEvent[] {
    return this.#events.slice(-eventLimit);
  }

  /** Calls a listener for each event from now on, until the function that it returns is called. */
  follow(listener: (event: TrafficEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
