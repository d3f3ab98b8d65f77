import type { TlsFacts } from "./tls-facts.ts";

/** One request as the server saw it, its body included. */
export interface RecordedRequest {
  /** Milliseconds since the epoch, by the network's clock. */
  readonly at: number;
  /** Name of the service that took it. */
  readonly service: string;
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
  /** Whether it came in the first flight of a TLS connection, where it may be repeated by anybody (RFC 8470). */
  readonly early: boolean;
  /** `undefined` over plain http. */
  readonly tls: TlsFacts | undefined;
}

/** Decides which request is meant. */
export type RequestPredicate = (request: RecordedRequest) => boolean;

interface Waiter {
  readonly matches: RequestPredicate;
  readonly resolve: (request: RecordedRequest) => void;
  readonly reject: (reason: Error) => void;
}

/** The last `limit` requests, the oldest first. */
export class RequestLog {
  readonly #limit: number;
  readonly #waiters = new Set<Waiter>();
  #requests: RecordedRequest[] = [];
  #closed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(request: RecordedRequest): void {
    this.#requests.push(request);
    // Cut in halves, so that a long run pays for moving the array once in `limit` requests.
    if (this.#requests.length >= 2 * this.#limit) this.#requests = this.#requests.slice(-this.#limit);
    for (const waiter of this.#waiters) {
      if (waiter.matches(request)) {
        this.#waiters.delete(waiter);
        waiter.resolve(request);
      }
    }
  }

  /** The first request that matches, of those on the log and those to come. */
  async waitFor(matches: RequestPredicate): Promise<RecordedRequest> {
    const known = this.entries.find(matches);
    if (known !== undefined) return known;
    if (this.#closed) throw closedError();
    return await new Promise((resolve, reject) => {
      this.#waiters.add({ matches, resolve, reject });
    });
  }

  get entries(): readonly RecordedRequest[] {
    return this.#requests.slice(-this.#limit);
  }

  clear(): void {
    this.#requests = [];
  }

  /** Rejects who still waits. The entries stay. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiters) reject(closedError());
    this.#waiters.clear();
  }
}

function closedError(): Error {
  return new Error("the test network closed before such a request came");
}
