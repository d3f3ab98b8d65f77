import { createHash } from "node:crypto";

/** One use of a nonce, of a request whose signature is right. */
export interface NonceUse {
  readonly consumerKey: string;
  readonly token: string | undefined;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly nonce: string;
  /** Until when it has to be remembered, in milliseconds since the epoch: afterwards its timestamp is refused. */
  readonly expiresAt: number;
}

/** Remembers a nonce, and says whether it was there already: one step, also where several processes ask. */
export type NonceSeen = (use: NonceUse) => boolean | Promise<boolean>;

/**
 * Remembers nonces in this process: enough for a server that is one.
 *
 * @param options.limit nonces of one consumer, 10,000 by default. Past it its requests are refused, as a replay could not be
 * told.
 * @param options.now milliseconds since the epoch; the clock by default.
 */
export function memoryNonces({
  limit = 10_000,
  now = Date.now,
}: {
  readonly limit?: number;
  readonly now?: () => number;
} = {}): NonceSeen {
  const consumers = new Map<string, Map<string, number>>();
  return ({ consumerKey, token, timestamp, nonce, expiresAt }) => {
    const used = consumers.get(consumerKey) ?? new Map<string, number>();
    consumers.set(consumerKey, used);
    // A hash, so that long ones take no more room.
    const key = createHash("sha256")
      .update(JSON.stringify([timestamp, token, nonce]))
      .digest("base64");
    if (used.has(key)) return true;
    if (used.size >= limit) dropExpired(used, now());
    if (used.size >= limit) return true;
    used.set(key, expiresAt);
    return false;
  };
}

function dropExpired(used: Map<string, number>, now: number): void {
  for (const [key, expiresAt] of used) if (expiresAt <= now) used.delete(key);
}
