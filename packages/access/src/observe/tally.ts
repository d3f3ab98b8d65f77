import { codedCauseOf } from "../fetch/fetch-error.ts";
import type { Exchange } from "../exchange.ts";
import type { Hop, RepeatReason, TlsFacts } from "../transaction.ts";
import type { Counters, Histogram, StatusClass } from "./counters.ts";

/** Upper bounds in seconds: what OpenTelemetry's conventions advise for `http.client.request.duration`. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** Codes that are counted by their names: an error that is not ours may have any. */
const CODES_LIMIT = 200;

/** Counts what a manager does. Always on: it costs a request some additions. */
export class Tally {
  readonly #hasCache: boolean;
  #started = 0;
  #ended = 0;
  readonly #responses: Record<StatusClass, number> = { "1xx": 0, "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 };
  readonly #errors = new Map<string, number>();
  /** Not cumulative; the last one is for what took longer than all bounds. */
  readonly #durations = new Array<number>(BOUNDS.length + 1).fill(0);
  #sumSeconds = 0;
  #network = 0;
  #redirects = 0;
  #hstsUpgrades = 0;
  readonly #repeats: Record<RepeatReason, number> = {
    "client-certificate": 0,
    "certificate-exception": 0,
    "too-early": 0,
    misdirected: 0,
    route: 0,
    "proxy-authentication": 0,
    retry: 0,
    authentication: 0,
  };
  readonly #cache = { fresh: 0, validated: 0, stale: 0, misses: 0 };
  readonly #connections = { opened: 0, failed: 0, closed: 0, reused: 0 };
  readonly #handshakes = { full: 0, resumed: 0 };
  #sentBytes = 0;
  #receivedBytes = 0;

  constructor(hasCache: boolean) {
    this.#hasCache = hasCache;
  }

  begin(): void {
    this.#started += 1;
  }

  /** @param hasAnswered whether there was a response, of which the application may have given up the rest. */
  end({ transaction, signal }: Exchange, hasAnswered: boolean, error: Error | undefined): void {
    this.#ended += 1;
    const { hops } = transaction;
    for (const hop of hops) this.#count(hop);
    const code = error && codeOf(error, signal?.aborted === true);
    const first = hops[0];
    const last = hops.at(-1);
    if (code !== undefined && !(hasAnswered && code === "ABORTED")) this.#countError(code);
    else if (last?.status !== undefined) this.#responses[classOf(last.status)] += 1;
    if (first === undefined || last === undefined) return;
    this.#countDuration(last.millisecondsSince(first) / 1000);
  }

  connectionOpened(): void {
    this.#connections.opened += 1;
  }

  connectionFailed(): void {
    this.#connections.failed += 1;
  }

  connectionClosed(): void {
    this.#connections.closed += 1;
  }

  handshake({ resumed }: TlsFacts): void {
    this.#handshakes[resumed ? "resumed" : "full"] += 1;
  }

  /** What was counted so far. */
  read(): Counters {
    return {
      requests: {
        started: this.#started,
        active: this.#started - this.#ended,
        responses: { ...this.#responses },
        errors: Object.fromEntries(this.#errors),
        duration: this.#readDurations(),
      },
      hops: {
        network: this.#network,
        redirects: this.#redirects,
        hstsUpgrades: this.#hstsUpgrades,
        repeats: { ...this.#repeats },
      },
      cache: { ...this.#cache },
      connections: { ...this.#connections },
      tlsHandshakes: { ...this.#handshakes },
      bytes: { sent: this.#sentBytes, received: this.#receivedBytes },
    };
  }

  #count(hop: Hop): void {
    const { cache, connection } = hop;
    this.#sentBytes += hop.sentBodyBytes;
    this.#receivedBytes += hop.bodyBytes;
    if (connection !== undefined) {
      this.#network += 1;
      if (hop.reused) this.#connections.reused += 1;
    }
    if (cache !== undefined) this.#cache[cache.use] += 1;
    else if (this.#hasCache && connection !== undefined && isCacheable(hop)) this.#cache.misses += 1;
    if (hop.reason === "redirect") this.#redirects += 1;
    else if (hop.reason === "hsts") this.#hstsUpgrades += 1;
    if (hop.repeats.length > 0) for (const reason of hop.repeats) this.#repeats[reason] += 1;
  }

  #countError(code: string): void {
    const name = this.#errors.size < CODES_LIMIT || this.#errors.has(code) ? code : "OTHER";
    this.#errors.set(name, (this.#errors.get(name) ?? 0) + 1);
  }

  #countDuration(seconds: number): void {
    this.#sumSeconds += seconds;
    let index = 0;
    while (index < BOUNDS.length && seconds > (BOUNDS[index] ?? 0)) index += 1;
    this.#durations[index] = (this.#durations[index] ?? 0) + 1;
  }

  #readDurations(): Histogram {
    let count = 0;
    const buckets = BOUNDS.map((seconds, index) => {
      count += this.#durations[index] ?? 0;
      return { seconds, count };
    });
    return { buckets, sumSeconds: this.#sumSeconds, count: count + (this.#durations.at(-1) ?? 0) };
  }
}

/** What is no status by the standard is a server's error. RFC 9110 section 15. */
function classOf(status: number): StatusClass {
  if (status < 200) return "1xx";
  if (status < 300) return "2xx";
  if (status < 400) return "3xx";
  return status < 500 ? "4xx" : "5xx";
}

function isCacheable({ method, status }: Hop): boolean {
  return (method === "GET" || method === "HEAD") && status !== undefined;
}

/** An application that aborts may give any reason, and gives an `AbortError` where it gives up a body. */
function codeOf(error: unknown, hasAborted: boolean): string {
  const coded = codedCauseOf(error);
  if (coded !== undefined) return coded.code;
  return hasAborted || (error instanceof Error && error.name === "AbortError") ? "ABORTED" : "OTHER";
}
