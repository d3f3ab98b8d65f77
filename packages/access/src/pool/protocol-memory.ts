import type { HttpConnection } from "./http-connection.ts";

/** Places that are remembered; past this all are forgotten. */
const PLACES_LIMIT = 10_000;

/** What is known of the protocol that one origin speaks. */
export interface ProtocolMemory {
  readonly isHttp2: boolean;
  note(protocol: HttpConnection["protocol"]): void;
  forget(): void;
}

/** Remembers which origins speak HTTP/2, so that many requests at once wait for one connection there. */
export class ProtocolMemories {
  readonly #http2 = new Set<string>();

  /** @param place names an origin, and what else its connections are told apart by. */
  of(place: string): ProtocolMemory {
    const known = this.#http2;
    return {
      get isHttp2() {
        return known.has(place);
      },
      note: (protocol) => {
        if (protocol !== "h2") {
          known.delete(place);
          return;
        }
        if (known.size >= PLACES_LIMIT) known.clear();
        known.add(place);
      },
      forget: () => {
        known.delete(place);
      },
    };
  }
}
