import { finished, type Duplex } from "node:stream";
import type { Tenant, Tenants } from "../tenants.ts";

/** How long a peer may take to end its side when the manager closes: a stream lives as long as it likes, a manager does not. */
const PARTING_MILLISECONDS = 2_000;

/** The streams of one manager that are open: they end with it. */
export class OpenStreams implements Tenant {
  readonly #streams = new Set<Duplex>();

  /** @param tenants where it lives, for good. */
  constructor(tenants: Tenants) {
    tenants.add(this);
  }

  add(stream: Duplex): void {
    this.#streams.add(stream);
    finished(stream, () => this.#streams.delete(stream));
  }

  /** Ends all: what was written is sent, and peers that do not end their side soon are left. */
  async close(): Promise<void> {
    await Promise.all([...this.#streams].map(part));
  }

  destroy(reason: Error): void {
    for (const stream of this.#streams) stream.destroy(reason);
  }
}

async function part(stream: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => stream.destroy(), PARTING_MILLISECONDS);
  finished(stream, () => resolve(undefined));
  stream.end();
  await promise;
  clearTimeout(timer);
  stream.destroy();
}
