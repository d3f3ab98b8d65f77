import { TransportError } from "@fairlead/core";
import type { Driver } from "../exchange/driver.ts";

/** What a {@link Driver} is to whoever ends it. */
export type Drainable = Pick<Driver, "active" | "closed" | "drain" | "destroy">;

/** How connections come to their end. */
export interface DrainOptions {
  /** For the requests that are under way, and for what `waitUntil` was given; what is left is cut. 10,000 by default. */
  readonly graceMilliseconds?: number | undefined;
}

/** More would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The connections of a server and its work beside them, from the first to the last: whoever closes the server waits here.
 *
 * @see RFC 9112 section 9.6; RFC 9113 section 6.8
 */
export class OpenConnections {
  readonly #open = new Set<Drainable>();
  readonly #works = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #cut = Promise.withResolvers<undefined>();
  #isCut = false;
  #closed: Promise<void> | undefined;

  /** Fires when they begin to be drained. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Connections that speak HTTP, and requests that are under way on them. */
  get count(): { readonly connections: number; readonly requests: number } {
    let requests = 0;
    for (const { active } of this.#open) requests += active;
    return { connections: this.#open.size, requests };
  }

  /** Keeps it until it is closed. One that comes late, out of a handshake, may have the request that it came for. */
  add(connection: Drainable): void {
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    if (this.#isCut) connection.destroy(closedError());
    else if (this.#closing.signal.aborted) connection.drain();
  }

  /** Has {@link drain} wait for it. @param onError told what it rejects with. */
  waitUntil(work: Promise<unknown>, onError: (error: unknown) => void): void {
    const settled: Promise<unknown> = work.catch(onError).finally(() => this.#works.delete(settled));
    this.#works.add(settled);
  }

  /**
   * Has all take no more requests than they have, or that are on their way; resolves when nothing is left. A second call waits for the first; one with a grace of 0 cuts what is left.
   */
  drain(options: DrainOptions = {}): Promise<void> {
    this.#closed ??= this.#drain(options);
    if (options.graceMilliseconds === 0) this.#cutAll();
    return this.#closed;
  }

  async #drain({ graceMilliseconds = 10_000 }: DrainOptions): Promise<void> {
    const grace = setTimeout(() => this.#cutAll(), Math.min(graceMilliseconds, LONGEST_TIMER));
    this.#closing.abort(closedError());
    for (const connection of this.#open) connection.drain();
    // While some are waited for, others may come: connections out of handshakes, and work that makes work.
    while (this.#open.size > 0 || (this.#works.size > 0 && !this.#isCut)) {
      await Promise.all([...this.#open].map(({ closed }) => closed));
      await Promise.race([Promise.all(this.#works), this.#cut.promise]);
    }
    clearTimeout(grace);
  }

  #cutAll(): void {
    this.#isCut = true;
    this.#cut.resolve(undefined);
    for (const connection of this.#open) connection.destroy(closedError());
  }
}

function closedError(): TransportError {
  return new TransportError("STREAM_CLOSED", { operation: "close" });
}
