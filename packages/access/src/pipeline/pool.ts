import { UsageError } from "@fairlead/core";
import { NO_TERMS, termsKey, type ConnectionTerms } from "../agreement/connection-terms.ts";
import type { Dispatch, HopOptions } from "../dispatch.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import type { Timeouts } from "../options.ts";
import type { Connector } from "../pool/connector.ts";
import { OriginPool } from "../pool/origin-pool.ts";
import { ProtocolMemories } from "../pool/protocol-memory.ts";
import { speaker } from "../pool/speak.ts";
import { DIRECT, routeKey, type Route } from "../route/route.ts";
import type { Target } from "../target.ts";
import { originKey, type Partition } from "../partition.ts";

/** How long a server is watched that gives no tickets. */
const PROBE_MILLISECONDS = 1_000;

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
  readonly #protocols = new ProtocolMemories();
  readonly #speaker: ReturnType<typeof speaker>;

  /** @throws UsageError OPTION_INVALID */
  constructor(options: PoolOptions) {
    const { connectionsPerOrigin } = options;
    if (!Number.isInteger(connectionsPerOrigin) || connectionsPerOrigin < 1) {
      throw new UsageError("OPTION_INVALID", { detail: "connectionsPerOrigin", remedy: "give a whole number from 1" });
    }
    this.#options = options;
    this.#speaker = speaker(options.timeouts);
  }

  readonly dispatch: Dispatch = (options, handler) => {
    const { target, exchange } = options;
    // RFC 6797 section 8.4: on a known host no TLS error can be overridden.
    const unverified = this.#options.acceptAnyCertificate && target.secure && !this.#options.hsts.knows(target.host);
    this.#pool(target, options.route ?? DIRECT, exchange.partition, unverified, termsOf(options)).dispatch(
      options,
      handler,
    );
    return true;
  };

  /**
   * Opens a connection, says nothing on it, and tells what the server ends it with; `undefined` when the server is content
   * to wait.
   */
  async probe({ target, exchange, agreement, route = DIRECT }: HopOptions): Promise<unknown> {
    const { connector, timeouts } = this.#options;
    const { promise: verdict, resolve } = Promise.withResolvers<unknown>();
    // A server that gives no tickets does not say when it is content.
    const patience = setTimeout(resolve, Math.min(PROBE_MILLISECONDS, timeouts.secure));
    try {
      const { stream } = await connector({
        target,
        route,
        unverified: false,
        partition: exchange.partition,
        terms: agreement?.terms ?? NO_TERMS,
        onAuthenticate: exchange.onAuthenticate,
        chooseIdentity: undefined,
        mayBeEarly: false,
        judgeCertificate: agreement?.judgeCertificate,
        signal: exchange.signal ?? new AbortController().signal,
        onTicket: () => {
          resolve(undefined);
        },
      });
      stream.on("error", resolve).on("close", resolve).resume();
      const found = await verdict;
      stream.destroy();
      return found;
    } catch (error) {
      return error;
    } finally {
      clearTimeout(patience);
    }
  }

  #pool(target: Target, route: Route, partition: Partition, unverified: boolean, terms: ConnectionTerms): OriginPool {
    const place = originKey(target, partition) + routeKey(route);
    const ofOrigin = unverified ? `${place} unverified` : place;
    const key = terms === NO_TERMS ? ofOrigin : ofOrigin + termsKey(terms);
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const { connector, connectionsPerOrigin: connectionsLimit } = this.#options;
    const pool = new OriginPool({
      target,
      route,
      unverified,
      partition,
      terms,
      connector,
      speak: this.#speaker(target),
      connectionsLimit,
      protocol: this.#protocols.of(place),
      poolFor: (others) => this.#pool(target, route, partition, unverified, others),
      onEmpty: () => {
        if (this.#pools.get(key) === pool) this.#pools.delete(key);
      },
    });
    this.#pools.set(key, pool);
    return pool;
  }

  /** Pools that have connections. */
  get size(): number {
    return this.#pools.size;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  destroy(reason: Error): void {
    for (const pool of this.#pools.values()) pool.destroy(reason);
  }
}

function termsOf({ agreement, authenticatedAs }: HopOptions): ConnectionTerms {
  const terms = agreement?.terms ?? NO_TERMS;
  return authenticatedAs === undefined ? terms : { ...terms, authenticatedAs };
}
