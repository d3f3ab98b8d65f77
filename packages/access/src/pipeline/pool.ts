import { UsageError } from "@fairlead/core";
import { requireMilliseconds } from "../deadline.ts";
import type { Dispatch } from "../dispatch.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import type { Timeouts } from "../options.ts";
import type { Connector } from "../pool/connector.ts";
import { OriginPool } from "../pool/origin-pool.ts";

/** What all pools of a manager have in common. */
export interface PoolOptions {
  readonly connector: Connector;
  readonly hsts: HstsMemory;
  readonly timeouts: Timeouts;
  readonly connectionsPerOrigin: number;
  /** Whether the application gave up verification, where HSTS lets it. */
  readonly acceptAnyCertificate: boolean;
}

/** The end of the pipeline: a pool of connections for each origin and verification mode. */
export class ConnectionPools {
  readonly #options: PoolOptions;
  readonly #pools = new Map<string, OriginPool>();

  /** @throws UsageError OPTION_INVALID */
  constructor(options: PoolOptions) {
    for (const [phase, milliseconds] of Object.entries(options.timeouts)) {
      requireMilliseconds(`timeouts.${phase}`, milliseconds as number, 1);
    }
    const { connectionsPerOrigin } = options;
    if (!Number.isInteger(connectionsPerOrigin) || connectionsPerOrigin < 1) {
      throw new UsageError("OPTION_INVALID", { detail: "connectionsPerOrigin", remedy: "give a whole number from 1" });
    }
    this.#options = options;
  }

  readonly dispatch: Dispatch = (options, handler) => {
    const { target } = options;
    // RFC 6797 section 8.4: on a known host no TLS error can be overridden.
    const unverified = this.#options.acceptAnyCertificate && target.secure && !this.#options.hsts.knows(target.host);
    const key = unverified ? `${target.origin} unverified` : target.origin;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      const { connector, timeouts, connectionsPerOrigin: connectionsLimit } = this.#options;
      const onEmpty = (): void => {
        if (this.#pools.get(key) === opened) this.#pools.delete(key);
      };
      const opened = new OriginPool({ target, unverified, connector, timeouts, connectionsLimit, onEmpty });
      this.#pools.set(key, opened);
      pool = opened;
    }
    pool.dispatch(options, handler);
    return true;
  };

  /** Pools that have connections. */
  get size(): number {
    return this.#pools.size;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  async destroy(reason: Error): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy(reason)));
  }
}
