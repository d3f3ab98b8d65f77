/** What lives in a manager beyond one exchange, and no longer than it: an open socket, a source of events. */
export interface Tenant {
  /** Ends in good order; `destroy` may come meanwhile. A rejection is nobody's business. */
  close(): Promise<void>;
  /** Ends all at once; whoever waits is told `reason`. */
  destroy(reason: Error): void;
}

/** Who lives in one manager. */
export class Tenants {
  readonly #all = new Set<Tenant>();

  /** Whoever ends by itself calls {@link delete}. */
  add(tenant: Tenant): void {
    this.#all.add(tenant);
  }

  delete(tenant: Tenant): void {
    this.#all.delete(tenant);
  }

  /** Resolves when all have ended, in good order or by {@link destroy}. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#all].map((tenant) => tenant.close()));
    this.#all.clear();
  }

  destroy(reason: Error): void {
    for (const tenant of this.#all) tenant.destroy(reason);
    this.#all.clear();
  }
}
