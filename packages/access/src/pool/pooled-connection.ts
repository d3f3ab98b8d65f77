import type { ConnectionTerms } from "../agreement/connection-terms.ts";
import type { ConnectionFacts } from "../transaction.ts";
import type { ConnectionHold, HeldConnection } from "./connection-hold.ts";
import type { OpenedConnection } from "./connector.ts";
import { ConnectionLoss, type HttpConnection, type HttpConnectionEvents } from "./http-connection.ts";
import type { PooledExchange, WaitingRoom } from "./pooled-exchange.ts";

/** What a connection tells the pool that owns it. */
export interface ConnectionOwner {
  /** It may serve, and is not held. */
  freed(connection: PooledConnection): void;
  /** It serves nothing more. */
  draining(connection: PooledConnection): void;
  lost(connection: PooledConnection): void;
  /** Serves a request that waited for this very connection, and no longer has to. */
  serve(exchange: PooledExchange): void;
}

/** Speaks HTTP on a stream, by the version that was agreed on with its peer. */
export type SpeakHttp = (opened: OpenedConnection, events: HttpConnectionEvents) => HttpConnection;

/** An open connection, and what its pool knows of it. */
export class PooledConnection implements HttpConnectionEvents, HeldConnection, WaitingRoom {
  readonly #http: HttpConnection;
  readonly #opened: OpenedConnection;
  #owner: ConnectionOwner;
  #authenticatedAs: string | undefined;
  #terms: ConnectionTerms | undefined;
  readonly #since = performance.now();
  #served: number;
  #hold: ConnectionHold | undefined;
  /** Requests with the hold that wait for the one before to end. */
  readonly #followers = new Set<PooledExchange>();
  #isLost = false;

  constructor(opened: OpenedConnection, owner: ConnectionOwner, speak: SpeakHttp) {
    this.#opened = opened;
    this.#served = opened.sharing?.type === "joins" ? 1 : 0;
    this.#owner = owner;
    this.#http = speak(opened, this);
  }

  get protocol(): HttpConnection["protocol"] {
    return this.#http.protocol;
  }

  get facts(): ConnectionFacts {
    return this.#opened.facts;
  }

  /** By what it was made, until its pool takes it over under terms of its own; see {@link moveTo}. */
  get terms(): ConnectionTerms {
    const terms = this.#terms ?? this.#opened.terms;
    return this.#authenticatedAs === undefined ? terms : { ...terms, authenticatedAs: this.#authenticatedAs };
  }

  /** Requests that it can take now. */
  get capacity(): number {
    return this.#hold === undefined ? this.#http.capacity : 0;
  }

  canServe({ options }: PooledExchange): boolean {
    return this.capacity > 0 && (!this.#opened.isEarly || options.mayBeEarly === true);
  }

  /**
   * Whether it is new enough: not the kind of connection that was lost under the request, one that had been kept for a while,
   * and unused where the request insists.
   */
  isNewFor({ lostAt, needsUnused }: PooledExchange): boolean {
    if (this.#served === 0) return true;
    if (needsUnused) return false;
    if (lostAt === undefined) return true;
    return this.protocol === "h2" && this.#since > lostAt;
  }

  /** Whether what would be written on it now could still go as early data, in the place of a request that was given up. */
  get isEarly(): boolean {
    return this.#opened.isEarly;
  }

  serve(exchange: PooledExchange): void {
    const { hold } = exchange.options;
    const isFollower = hold?.connection === this;
    if (hold?.state === "new" && this.protocol === "http/1.1") {
      hold.take(this);
      this.#hold = hold;
    }
    const isReused = this.#served > 0;
    this.#served += 1;
    exchange.begin(this.facts, isReused, isFollower);
    this.#http.start(exchange.options, exchange);
  }

  /** Serves a request with the hold that this connection is held by. */
  follow(exchange: PooledExchange): void {
    if (this.#http.capacity > 0) {
      this.serve(exchange);
      return;
    }
    this.#followers.add(exchange);
    exchange.room = this;
  }

  leave(exchange: PooledExchange): void {
    this.#followers.delete(exchange);
  }

  /** Belongs to another pool from now on, by whose terms it is. */
  moveTo(owner: ConnectionOwner, terms: ConnectionTerms): void {
    this.#owner = owner;
    this.#terms = terms;
    this.#authenticatedAs = undefined;
  }

  letGo(authenticatedAs: string | undefined): void {
    this.#hold = undefined;
    this.#authenticatedAs = authenticatedAs;
    for (const follower of this.#takeFollowers()) this.#owner.serve(follower);
    if (this.#http.capacity > 0) this.#owner.freed(this);
  }

  retire(): void {
    this.#hold = undefined;
    this.#owner.draining(this);
    void this.close();
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  destroy(reason: Error): void {
    this.#http.destroy(reason);
  }

  onFree(): void {
    if (this.#isLost) return;
    if (this.#hold === undefined) {
      this.#owner.freed(this);
      return;
    }
    const [follower] = this.#followers;
    if (follower === undefined) return;
    this.#followers.delete(follower);
    this.serve(follower);
  }

  onDraining(): void {
    this.#owner.draining(this);
  }

  onClosed(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#hold?.lose();
    for (const follower of this.#takeFollowers()) follower.fail(new ConnectionLoss("no", undefined));
    this.#owner.lost(this);
  }

  #takeFollowers(): readonly PooledExchange[] {
    const followers = [...this.#followers];
    this.#followers.clear();
    for (const follower of followers) follower.room = undefined;
    return followers;
  }
}
