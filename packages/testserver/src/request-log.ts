import type { TlsFacts } from "./connection-log.ts";

/** One request as the server saw it, its body included. */
export interface RecordedRequest {
  /** Milliseconds since the epoch, by the network's clock. */
  readonly at: number;
  /** Name of the listener that took it. */
  readonly listener: string;
  readonly method: string;
  /** The request target as sent, such as `/echo?x=1`. */
  readonly target: string;
  /** Names in lower case; fields that came more than once are joined as `node:http` joins them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Names and values as sent, in order. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: { readonly sizeBytes: number /** Hexadecimal. */; readonly sha256: string };
  readonly remotePort: number;
  /** Number of the connection, counted from 1 across the network. */
  readonly connection: number;
  /** `undefined` on a plain listener. */
  readonly tls: TlsFacts | undefined;
}

/** The last `limit` requests, the oldest first. */
export class RequestLog {
  readonly #limit: number;
  #requests: RecordedRequest[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(request: RecordedRequest): void {
    this.#requests.push(request);
    // Cut in halves, so that a long run pays for moving the array once in `limit` requests.
    if (this.#requests.length >= 2 * this.#limit) this.#requests = this.#requests.slice(-this.#limit);
  }

  get entries(): readonly RecordedRequest[] {
    return this.#requests.slice(-this.#limit);
  }

  clear(): void {
    this.#requests = [];
  }
}
