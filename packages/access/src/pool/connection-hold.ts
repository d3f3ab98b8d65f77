/** The connection behind a hold, as its pool has it. */
export interface HeldConnection {
  /** Gives it to requests of the same user alone, or to those of nobody, as it was before. */
  letGo(authenticatedAs: string | undefined): void;
  /** Closes it, once what is under way on it has ended. */
  retire(): void;
}

/**
 * Keeps one connection for requests that follow one another on it: for authentication that is of the connection, and not
 * of the request, as NTLM's is. The first request with a hold goes on any connection that is free, by HTTP/1.1, and takes
 * it away from all others; the next ones with the same hold wait for that connection. One that was lost is not replaced:
 * they fail, since what they say makes sense on that connection alone.
 *
 * Whoever makes a hold ends it, by `release` or `discard`.
 */
export class ConnectionHold {
  /** Whether it takes only a connection that nobody has used: one that is authenticated cannot be anew, by some schemes. */
  readonly needsUnused: boolean;
  #connection: HeldConnection | undefined;
  #state: "new" | "held" | "lost" | "ended" = "new";

  constructor({ needsUnused = false }: { readonly needsUnused?: boolean } = {}) {
    this.needsUnused = needsUnused;
  }

  /** `new` until a request was sent with it; `lost` when the connection is gone. */
  get state(): "new" | "held" | "lost" | "ended" {
    return this.#state;
  }

  /**
   * Gives the connection back as soon as it is free.
   *
   * @param authenticatedAs who the server takes its client for from now on: it serves only requests that say the same.
   */
  release(authenticatedAs?: string): void {
    this.#end()?.letGo(authenticatedAs);
  }

  /** Closes the connection as soon as it is free: a conversation that broke off leaves it to nobody. */
  discard(): void {
    this.#end()?.retire();
  }

  /** The pool has given it a connection. @internal */
  take(connection: HeldConnection): void {
    this.#connection = connection;
    this.#state = "held";
  }

  /** The connection is gone. @internal */
  lose(): void {
    this.#connection = undefined;
    if (this.#state === "held") this.#state = "lost";
  }

  /** The request that was to take a connection is made again on another. @internal */
  renew(): void {
    if (this.#state !== "ended") this.#state = "new";
  }

  /** @internal */
  get connection(): HeldConnection | undefined {
    return this.#connection;
  }

  #end(): HeldConnection | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#state = "ended";
    return connection;
  }
}
