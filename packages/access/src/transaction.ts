import type { AuthenticationTry } from "./authentication/attempt.ts";
import type { HstsSource } from "./memory/hsts-memory.ts";
import type { HopMessages } from "./observe/hop-messages.ts";
import type { IssuerSourceName, StapleVerdict, TlsSocket, TlsVersion } from "@fairlead/tls";

/** What happened for one request of the application, hop by hop. */
export interface Transaction {
  /** In the order in which they were made; the last is the one that was answered to the application. */
  readonly hops: readonly Hop[];
}

const NO_HOPS: readonly Hop[] = [];
const NO_RETRIES: readonly RetryFacts[] = [];
const NO_REPEATS: readonly RepeatReason[] = [];
const NO_CODINGS: readonly string[] = [];
const NO_STEPS: readonly string[] = [];
const NO_TRIES: readonly AuthenticationTry[] = [];

/** A transaction that is under way. */
export class OpenTransaction implements Transaction {
  hops: readonly Hop[] = NO_HOPS;

  /** Most requests have one hop, and a list that grows by `push` takes room for seventeen. */
  add(hop: Hop): void {
    this.hops = this.hops.length === 0 ? [hop] : [...this.hops, hop];
  }
}

/** Where the response of a hop came from. */
export type HopReason =
  /** A server answered, and its answer is the response. */
  | "network"
  /** Nobody was asked: the host is known to want https. */
  | "hsts"
  /** A server answered with a redirect that was followed. */
  | "redirect"
  /** A stored response was used. */
  | "cache"
  /** The handler of a scheme that is no HTTP answered. */
  | "scheme";

/** Why a hop was sent once more: on another connection, with what the application had answered. */
export type RepeatReason =
  /** The server wanted to know who the client is. */
  | "client-certificate"
  /** The application accepted the certificate that verification refused. */
  | "certificate-exception"
  /** The server did not want to act on early data. */
  | "too-early"
  /** The server does not answer for this origin on a connection that was opened for another. */
  | "misdirected"
  /** The way before led nowhere. */
  | "route"
  /** The proxy that forwards it wanted to know who asks. */
  | "proxy-authentication"
  /** It failed, and the policy of retries allows another attempt. */
  | "retry"
  /** The server, or the proxy, wanted to know who makes it. */
  | "authentication";

/** What a retry came after. */
export interface RetryFacts {
  /** Of the response that was not taken; `undefined` when there was none. */
  readonly status: number | undefined;
  /** Of the error; `undefined` after a response. */
  readonly code: string | undefined;
  /** How long the next attempt was waited for. */
  readonly waitMilliseconds: number;
}

/** Why a stored response could be used: fresh, confirmed by its server just now, or stale where that is allowed. */
export type CacheUse = "fresh" | "validated" | "stale";

/** What a cache did for a hop. */
export interface CacheFacts {
  readonly use: CacheUse;
  /** Since its server made or confirmed the response. */
  readonly ageSeconds: number;
}

/** Durations in milliseconds; `undefined` where the phase did not take place. */
export interface HopTiming {
  /** Waiting for a free connection. */
  readonly blocked: number | undefined;
  readonly resolve: number | undefined;
  readonly connect: number | undefined;
  readonly secure: number | undefined;
  /** Until all of the request was written; known where an observer keeps what is sent. */
  readonly send: number | undefined;
  /** Until the first byte of the response, counted from the request's first byte. */
  readonly response: number | undefined;
  /** Until the last byte of the response, counted from its head. */
  readonly body: number | undefined;
  readonly total: number | undefined;
}

/** What TLS gave. */
export interface TlsFacts {
  readonly backend: string;
  /** Why it is this one: "named by the application". */
  readonly backendReason: string;
  readonly library: string;
  readonly protocol: TlsVersion | (string & {}) | undefined;
  readonly cipher: string | undefined;
  readonly alpn: string | undefined;
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean;
  /** What became of the request that came with the first flight; `none` when none did. */
  readonly earlyData: TlsSocket["earlyData"];
  /** Whether the certificate was verified, now or when the session began. */
  readonly authorized: boolean;
  /** What a chain may end in, for people. */
  readonly trust: string;
  /** Where an issuer came from that the server did not send; `undefined` when none was missing, or none was found. */
  readonly repairedFrom: IssuerSourceName | undefined;
  readonly serverName: string | undefined;
  /** The client certificate that there was to show: SHA-256 of it and its intermediates; `undefined` when there was none. */
  readonly clientIdentity: string | undefined;
  /** The leaf's SHA-256, hexadecimal in pairs. */
  readonly certificateFingerprint: string | undefined;
  readonly certificateIssuer: string | undefined;
  /** ISO 8601. */
  readonly certificateNotAfter: string | undefined;
}

/** One connection, shared by the hops that used it. */
export interface ConnectionFacts {
  /** Counts within a manager, from 1. */
  readonly id: number;
  readonly remoteAddress: string | undefined;
  readonly resolveMilliseconds: number | undefined;
  readonly connectMilliseconds: number | undefined;
  readonly secureMilliseconds: number | undefined;
  readonly tls: TlsFacts | undefined;
  /** What ties authentication to its TLS: `tls-server-end-point`; `undefined` where there is nothing. RFC 5929 section 4. */
  readonly channelBinding: () => Uint8Array | undefined;
  /** The certificates that the server sent, leaf first, DER; of a resumed session the leaf at the most. */
  readonly chain: () => readonly Uint8Array[];
  /** What the keys were agreed on in, by its registered name: `X25519MLKEM768`; `undefined` where nobody tells. */
  readonly group: () => string | undefined;
  /** What was made of the OCSP response that the server stapled; `undefined` where nobody looked at one. */
  readonly staple: () => StapleVerdict | undefined;
}

/** One request and its response. Filled in as it happens; the plain facts by `toJSON()`. */
export class Hop {
  readonly method: string;
  readonly #origin: string;
  readonly #path: string;
  readonly #started = performance.now();
  #requested: number | undefined;
  #responded: number | undefined;
  #ended: number | undefined;

  reason: HopReason = "network";
  /** The fragment, `#` included, that goes with the URL and is never sent. RFC 9110 section 10.2.2. */
  fragment = "";
  /** `undefined` until a response began. */
  status: number | undefined = undefined;
  /** The `Location` of a redirect, as it came. */
  location: string | undefined = undefined;
  /** Body bytes that came over the wire, the transfer coding undone. */
  bodyBytes = 0;
  /** What the body was wrapped in for this connection alone, as the peer wrote it: `chunked`. RFC 9112 section 6.1. */
  transferCodings: readonly string[] = NO_CODINGS;
  /** What it is wrapped in wherever it goes, in the order in which that was done, as written. RFC 9110 section 8.4. */
  contentCodings: readonly string[] = NO_CODINGS;
  /** Body bytes once the content codings were undone, as far as it was read; `undefined` where nobody undid any. */
  decodedBytes: number | undefined = undefined;
  /** Body bytes that went over the wire, the last time that it was sent. */
  sentBodyBytes = 0;
  connection: ConnectionFacts | undefined = undefined;
  /** Whether the connection had served another request before. */
  reused = false;
  error: Error | undefined = undefined;
  /** Where it is known from that the host wants https; `undefined` where that is not the reason. */
  hsts: HstsSource | undefined = undefined;
  /** How a stored response was used; `undefined` where none was. */
  cache: CacheFacts | undefined = undefined;
  /** Whether certificates are let in that verification refuses: the server is trusted with nothing that others know. */
  isExcepted = false;
  /**
   * The steps to the origin's server: URLs of proxies without credentials, nearest first; `unix:PATH`; `h2=HOST:PORT` for
   * an alternative service. Empty where it was asked directly.
   */
  route: readonly string[] = NO_STEPS;
  /** Why it was sent again, in order; empty for most. */
  repeats: readonly RepeatReason[] = NO_REPEATS;
  /** What each repetition of the policy of retries came after, in order. */
  retries: readonly RetryFacts[] = NO_RETRIES;
  /** How it was tried to say who the client is, in order; empty for most. */
  authentication: readonly AuthenticationTry[] = NO_TRIES;

  /** What is kept of what was sent and received; `undefined` where no observer wants it. */
  messages: HopMessages | undefined = undefined;

  constructor(method: string, origin: string, path: string) {
    this.method = method;
    this.#origin = origin;
    this.#path = path;
  }

  get url(): string {
    return this.#origin + this.#path;
  }

  /** Milliseconds since the epoch. */
  get startedAt(): number {
    return performance.timeOrigin + this.#started;
  }

  /** From the start of an earlier hop, or of this one, to the end of this one, or until now. */
  millisecondsSince(first: Hop): number {
    return (this.#ended ?? performance.now()) - first.#started;
  }

  get origin(): string {
    return this.#origin;
  }

  /** The version of HTTP that was spoken, as in `HTTP/2`; `undefined` where nobody was asked. */
  get httpVersion(): "1.1" | "2" | undefined {
    if (this.connection === undefined) return undefined;
    return this.tls?.alpn === "h2" ? "2" : "1.1";
  }

  get tls(): TlsFacts | undefined {
    return this.connection?.tls;
  }

  /** What became of it as early data: a later hop on the same connection is none. */
  get earlyData(): TlsFacts["earlyData"] {
    return this.reused ? "none" : (this.tls?.earlyData ?? "none");
  }

  get timing(): HopTiming {
    const fresh = this.reused ? undefined : this.connection;
    const opening =
      (fresh?.resolveMilliseconds ?? 0) + (fresh?.connectMilliseconds ?? 0) + (fresh?.secureMilliseconds ?? 0);
    const since = (from: number | undefined, to: number | undefined): number | undefined =>
      from === undefined || to === undefined ? undefined : to - from;
    return {
      blocked: this.#requested === undefined ? undefined : Math.max(0, this.#requested - this.#started - opening),
      resolve: fresh?.resolveMilliseconds,
      connect: fresh?.connectMilliseconds,
      secure: fresh?.secureMilliseconds,
      send: since(this.#requested, this.messages?.sentAt),
      response: since(this.#requested, this.#responded),
      body: since(this.#responded, this.#ended),
      total: since(this.#started, this.#ended),
    };
  }

  markRequest(connection: ConnectionFacts, reused: boolean): void {
    this.#requested = performance.now();
    this.sentBodyBytes = 0;
    this.connection = connection;
    this.reused = reused;
  }

  markResponse(status: number): void {
    this.#responded = performance.now();
    this.status = status;
  }

  markEnd(error?: Error): void {
    this.#ended = performance.now();
    this.error = error;
  }

  toJSON(): object {
    return {
      method: this.method,
      url: this.url,
      status: this.status,
      reason: this.reason,
      hsts: this.hsts,
      cache: this.cache,
      location: this.location,
      startedAt: new Date(this.startedAt).toISOString(),
      timing: this.timing,
      bodyBytes: this.bodyBytes,
      decodedBytes: this.decodedBytes,
      transferCodings: this.transferCodings,
      contentCodings: this.contentCodings,
      reused: this.reused,
      route: this.route,
      repeats: this.repeats,
      retries: this.retries,
      authentication: this.authentication,
      earlyData: this.earlyData,
      connection: this.connection,
      error: this.error?.message,
    };
  }
}

/** A property of the response costs a tenth of an entry in a weak map, and less again at garbage collection. */
const TRANSACTION = Symbol("fairlead.transaction");

/** Ties a response to its transaction. */
export function recordTransaction(response: object, transaction: Transaction): void {
  (response as { [TRANSACTION]?: Transaction })[TRANSACTION] = transaction;
}

/** Ties what a request failed with to its transaction, unless it is a value that can carry nothing. */
export function recordFailure(error: unknown, transaction: Transaction): void {
  if (typeof error !== "object" || error === null) return;
  // Not enumerable: who prints the error wants to see the error.
  Reflect.defineProperty(error, TRANSACTION, { value: transaction, configurable: true, writable: true });
}

/**
 * What happened on the way to a response of `manager.fetch` or `manager.request`, or to the error that they rejected
 * with: every hop with its reason, timing and TLS facts; `undefined` for a response that Fairlead did not give, a clone
 * included. Of an object that several requests failed with, such as a signal's reason, it tells the latest.
 *
 * Of a library that asks by the manager's agent it takes the `ClientRequest`, its response, or what leads to one of them
 * as `req` or `request`, and errors whose `cause` is the manager's.
 *
 * @example
 * const response = await manager.fetch("http://example.com/");
 * for (const hop of transactionOf(response)?.hops ?? []) console.log(hop.status, hop.reason, hop.url);
 */
export function transactionOf(responseOrError: object): Transaction | undefined {
  const carrier = responseOrError as Carrier;
  return carrier[TRANSACTION] ?? ofCarrier(carrier.req) ?? ofCarrier(carrier.request) ?? ofCarrier(carrier.cause);
}

interface Carrier {
  readonly [TRANSACTION]?: Transaction;
  readonly req?: unknown;
  readonly request?: unknown;
  readonly cause?: unknown;
}

function ofCarrier(value: unknown): Transaction | undefined {
  return typeof value === "object" && value !== null ? (value as Carrier)[TRANSACTION] : undefined;
}
