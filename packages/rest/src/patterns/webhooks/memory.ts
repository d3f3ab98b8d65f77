/** Remembers which messages have come. An application with several processes keeps them where all can see. */
export interface WebhookMemory {
  /** Remembers a message; `false` where it is remembered already. Both at once, so that of two that come together one is new. */
  add(id: string, expiresAt: number): boolean | Promise<boolean>;
  /** Forgets a message whose handler failed, so that it is handled when it comes again. */
  delete(id: string): unknown;
}

/**
 * Remembers messages in this process.
 *
 * @param options.entries messages at the same time, 100,000 by default; beyond, the oldest is forgotten.
 * @param options.now milliseconds since the epoch; the system's clock by default.
 */
export function webhookMemory({
  entries = 100_000,
  now = Date.now,
}: {
  readonly entries?: number;
  readonly now?: () => number;
} = {}): WebhookMemory {
  const expiries = new Map<string, number>();
  return {
    add: (id, expiresAt) => {
      const known = expiries.get(id);
      if (known !== undefined && known > now()) return false;
      expiries.delete(id);
      const [oldest] = expiries.keys();
      if (expiries.size >= entries && oldest !== undefined) expiries.delete(oldest);
      expiries.set(id, expiresAt);
      return true;
    },
    delete: (id) => expiries.delete(id),
  };
}
