import { UsageError } from "@fairlead/core";
import { NO_TERMS, termsKey, type ConnectionTerms } from "../agreement/connection-terms.ts";
import type { Dispatch, HopOptions } from "../dispatch.ts";
import { UNKNOWN_TIME, type Forgetful, type ForgetScope } from "../forget/scope.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import { canonicalHost, hostsOfUrls } from "../memory/readers/hosts.ts";
import type { Timeouts } from "../options.ts";
import type { HttpProtocol } from "../pool/connect-request.ts";
import type { Connector } from "../pool/connector.ts";
import { Turn } from "../pool/h1/turn.ts";
import { DEFAULT_HTTP2_SETTINGS, type Http2Settings } from "../pool/h2/options.ts";
import type { OpeningFacts } from "../pool/opening.ts";
import { OriginPool } from "../pool/origin-pool.ts";
import { ProtocolMemories } from "../pool/protocol-memory.ts";
import { speaker } from "../pool/speak.ts";
import { DIRECT, routeKey } from "../route/route.ts";
import { originKey } from "../partition.ts";
import { answerError } from "./answer.ts";

/** How long a server is watched that gives no tickets. */
const PROBE_MILLISECONDS = 1_000;

/** What all pools of a manager have in common. */
export interface PoolOptions {
  readonly connector: Connector;
  readonly hsts: HstsMemory;
  readonly timeouts: Timeouts;
  /** `undefined` where it is not to be spoken. */
  readonly http2: Required<Http2Settings> | undefined;
  readonly connectionsPerOrigin: number;
  /** Whether the application gave up verification, where HSTS lets it. */
  readonly acceptAnyCertificate: boolean;
}

const HTTP1_ALONE: readonly HttpProtocol[] = ["http/1.1"];
const ANY_PROTOCOL: readonly HttpProtocol[] = ["h2", "http/1.1"];

/** What connections are told apart by. */
interface PoolKey extends Omit<OpeningFacts, "protocols"> {
  readonly mayBeHttp2: boolean;
}

/** The end of the pipeline: a pool of connections for each origin and verification mode. */
export class ConnectionPools implements Forgetful {
  readonly #options: PoolOptions;
  readonly #pools = new Map<string, KnownPool>();
  /** Nobody finds them any more, and somebody may be on their connections. */
  readonly #retired = new Set<OriginPool>();
  /** What the application destroyed the manager with. */
  #ending: Error | undefined;
  readonly #protocols = new ProtocolMemories();
  readonly #speaker: ReturnType<typeof speaker>;

  /** @throws UsageError OPTION_INVALID */
  constructor(options: PoolOptions) {
    const { connectionsPerOrigin } = options;
    if (!Number.isInteger(connectionsPerOrigin) || connectionsPerOrigin < 1) {
      throw new UsageError("OPTION_INVALID", { detail: "connectionsPerOrigin", remedy: "give a whole number from 1" });
    }
    this.#options = options;
    const turn = new Turn();
    this.#speaker = speaker({
      http1: { timeouts: options.timeouts, turn },
      http2: { ...(options.http2 ?? DEFAULT_HTTP2_SETTINGS), turn },
      onHttp1Required: (request) => {
        this.#protocols.requireHttp1(placeOf(request));
      },
      onNoExtendedConnect: (request) => {
        this.#protocols.noteNoExtendedConnect(placeOf(request));
      },
    });
  }

  readonly dispatch: Dispatch = (options, handler) => {
    const { target, exchange } = options;
    if (this.#ending !== undefined) return answerError(handler, this.#ending);
    const mayBeHttp2 = !isOfConnection(options) && !this.#isRefusedStream(options);
    const { route: chosen = DIRECT } = options;
    // An alternative service is asked by HTTP/2 alone; what is about its connection is the origin's.
    const route = chosen.type === "alternative" && !mayBeHttp2 ? DIRECT : chosen;
    // RFC 6797 section 8.4: on a known host no TLS error can be overridden.
    const unverified = this.#options.acceptAnyCertificate && target.secure && !this.#options.hsts.knows(target.host);
    const { partition } = exchange;
    const key = { target, route, partition, unverified, terms: termsOf(options), mayBeHttp2 };
    this.#pool(key).dispatch(options, handler);
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

  /** Whether the server gives no stream of HTTP/2 to the protocol that is asked for. */
  #isRefusedStream(options: HopOptions): boolean {
    return typeof options.upgrade === "string" && this.#protocols.refusesExtendedConnect(placeOf(options));
  }

  #pool({ mayBeHttp2, ...facts }: PoolKey): OriginPool {
    const { target, unverified, terms } = facts;
    const place = placeKey(facts);
    const isHttp2 =
      mayBeHttp2 && this.#options.http2 !== undefined && target.secure && !this.#protocols.needsHttp1(place);
    const ofOrigin = place + (isHttp2 ? "" : " http/1.1") + (unverified ? " unverified" : "");
    const key = terms === NO_TERMS ? ofOrigin : ofOrigin + termsKey(terms);
    const known = this.#pools.get(key);
    if (known !== undefined) return known.pool;
    const { connector, connectionsPerOrigin: connectionsLimit } = this.#options;
    const pool = new OriginPool({
      ...facts,
      protocols: isHttp2 ? ANY_PROTOCOL : HTTP1_ALONE,
      connector,
      speak: this.#speaker(target),
      connectionsLimit,
      protocol: isHttp2 ? this.#protocols.of(place) : undefined,
      poolFor: (others) => this.#pool({ ...facts, terms: others, mayBeHttp2 }),
      http1Pool: () => this.#pool({ ...facts, mayBeHttp2: false }),
      onEmpty: () => {
        if (this.#pools.get(key)?.pool === pool) this.#pools.delete(key);
      },
    });
    this.#pools.set(key, { pool, hosts: hostsOf(facts) });
    return pool;
  }

  /** Pools that have connections. */
  get size(): number {
    return this.#pools.size;
  }

  /**
   * Retires the connections of hosts: those that nobody uses are closed, the others when they are done, and whatever
   * begins now finds new ones. What protocols are spoken where is forgotten of all places; it costs them a handshake.
   */
  forgetWithin(scope: ForgetScope): number {
    this.#protocols.clear();
    for (const [key, { pool, hosts }] of [...this.#pools]) {
      if (!scope.covers(hosts, UNKNOWN_TIME)) continue;
      this.#pools.delete(key);
      this.#retired.add(pool);
      void pool.close().then(() => this.#retired.delete(pool));
    }
    return 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all()].map((pool) => pool.close()));
  }

  destroy(reason: Error): void {
    this.#ending = reason;
    for (const pool of this.#all()) pool.destroy(reason);
  }

  /** Those that end while others are looked at included. */
  *#all(): Generator<OriginPool> {
    yield* this.#retired;
    for (const { pool } of this.#pools.values()) yield pool;
  }
}

/** A pool, and the hosts that its connections tell of. */
interface KnownPool {
  readonly pool: OriginPool;
  readonly hosts: readonly string[];
}

function hostsOf({
  target,
  route,
  partition,
}: Pick<OpeningFacts, "target" | "route" | "partition">): readonly string[] {
  const proxies = route.type === "proxies" ? route.proxies.map(({ host }) => canonicalHost(host)) : [];
  return [target.urlHost, ...hostsOfUrls(partition), ...proxies];
}

function placeOf({ target, route = DIRECT, exchange: { partition } }: HopOptions): string {
  return placeKey({ target, route, partition });
}

/** Names an origin, and what else the protocol that is spoken with it depends on. */
function placeKey({ target, route, partition }: Pick<OpeningFacts, "target" | "route" | "partition">): string {
  return originKey(target, partition) + routeKey(route);
}

function termsOf({ agreement, authenticatedAs }: HopOptions): ConnectionTerms {
  const terms = agreement?.terms ?? NO_TERMS;
  return authenticatedAs === undefined ? terms : { ...terms, authenticatedAs };
}

/** Whether a request is about its connection: it changes the protocol of all of it, or authenticates it. */
function isOfConnection({ upgrade, mayExtendConnect = false, method, hold, authenticatedAs }: HopOptions): boolean {
  const takesConnection = typeof upgrade === "string" && !mayExtendConnect;
  return takesConnection || method === "CONNECT" || hold !== undefined || authenticatedAs !== undefined;
}
