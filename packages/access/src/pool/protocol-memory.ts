import type { HttpProtocol } from "./connect-request.ts";

/** Places that are remembered; past this all are forgotten. */
const PLACES_LIMIT = 10_000;

/** What is known of the protocol that is spoken at one place. */
export interface ProtocolMemory {
  /**
   * Whether one connection is waited for, where HTTP/2 may be spoken and is, or nobody knows yet: many handshakes at once
   * would be for one connection that serves all.
   */
  readonly awaitsOne: boolean;
  /** Whether the server wants its requests over HTTP/1.1. */
  readonly needsHttp1: boolean;
  /** Whether the server speaks HTTP/2, and gives none of its streams to other protocols. RFC 8441 section 3. */
  readonly refusesExtendedConnect: boolean;
  /** A connection was opened. */
  note(protocol: HttpProtocol): void;
  /** None could be opened: those who wait do not fail one after the other. */
  noteFailure(): void;
}

/** Remembers what is spoken where HTTP/2 may be. A place is an origin, and what else its connections are told apart by. */
export class ProtocolMemories {
  readonly #known = new Map<string, HttpProtocol>();
  readonly #http1Required = new Set<string>();
  readonly #refusesExtendedConnect = new Set<string>();

  /** Whether the server at this place wants its requests over HTTP/1.1. */
  needsHttp1(place: string): boolean {
    return this.#http1Required.has(place);
  }

  /** The server said HTTP_1_1_REQUIRED. RFC 9113 section 7. */
  requireHttp1(place: string): void {
    if (this.#http1Required.size >= PLACES_LIMIT) this.#http1Required.clear();
    this.#http1Required.add(place);
  }

  /** Forgets what is known of all places. */
  clear(): void {
    this.#known.clear();
    this.#http1Required.clear();
    this.#refusesExtendedConnect.clear();
  }

  /** Whether the server at this place gives no stream to another protocol. */
  refusesExtendedConnect(place: string): boolean {
    return this.#refusesExtendedConnect.has(place);
  }

  /** The server's settings do not offer it. */
  noteNoExtendedConnect(place: string): void {
    if (this.#refusesExtendedConnect.size >= PLACES_LIMIT) this.#refusesExtendedConnect.clear();
    this.#refusesExtendedConnect.add(place);
  }

  of(place: string): ProtocolMemory {
    const known = this.#known;
    const required = this.#http1Required;
    const refusing = this.#refusesExtendedConnect;
    const learn = (protocol: HttpProtocol): void => {
      if (known.size >= PLACES_LIMIT) known.clear();
      known.set(place, protocol);
    };
    return {
      get awaitsOne() {
        return known.get(place) !== "http/1.1";
      },
      get needsHttp1() {
        return required.has(place);
      },
      get refusesExtendedConnect() {
        return refusing.has(place);
      },
      note: learn,
      noteFailure: () => {
        learn("http/1.1");
      },
    };
  }
}
