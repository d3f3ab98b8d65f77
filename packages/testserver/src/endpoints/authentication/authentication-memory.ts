import { randomBytes } from "node:crypto";
import type { Connection } from "../../connection-log.ts";

const mostNonces = 1_000;

/** What a network remembers between the requests of a login. */
export class AuthenticationMemory {
  readonly #uses = new Map<string, number>();
  readonly #challenges = new WeakMap<Connection, Buffer>();
  readonly #users = new WeakMap<Connection, string>();

  /** A nonce that was never used. The oldest are forgotten, and become stale by that. */
  newNonce(): string {
    const nonce = randomBytes(16).toString("base64url");
    this.#uses.set(nonce, 0);
    const [oldest] = this.#uses.keys();
    if (this.#uses.size > mostNonces && oldest !== undefined) this.#uses.delete(oldest);
    return nonce;
  }

  /**
   * Counts one use of a nonce; the count of the client has to grow. RFC 7616 section 3.4, "nc".
   *
   * @param limit how often it may be used; 0 for as often as one likes.
   */
  useNonce(nonce: string, count: number, limit: number): "fresh" | "stale" {
    const before = this.#uses.get(nonce);
    if (before === undefined || count <= before || (limit > 0 && count > limit)) return "stale";
    this.#uses.set(nonce, count);
    return "fresh";
  }

  /** Begins a login that is bound to a connection, and ends the one before it there. */
  challenge(connection: Connection): Buffer {
    const challenge = randomBytes(8);
    this.#challenges.set(connection, challenge);
    this.#users.delete(connection);
    return challenge;
  }

  /** What a connection was asked with, for one answer. */
  takeChallenge(connection: Connection): Buffer | undefined {
    const challenge = this.#challenges.get(connection);
    this.#challenges.delete(connection);
    return challenge;
  }

  login(connection: Connection, user: string): void {
    this.#users.set(connection, user);
  }

  /** Who has logged in on a connection. */
  userOf(connection: Connection): string | undefined {
    return this.#users.get(connection);
  }
}
