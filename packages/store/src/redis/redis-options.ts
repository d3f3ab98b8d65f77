import type { TlsBackend, TlsConnectOptions } from "@fairlead/tls";

/** What only stores in Redis take. */
export interface RedisOptions {
  /** Gives up opening; has no effect once the store is open. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time for connecting, and for each answer afterwards; 5,000 by default. */
  readonly answerMilliseconds?: number | undefined;
  /** Opens a store without a key although the engine cannot be reached: without records, until it can. */
  readonly startOffline?: boolean | undefined;
  /** With `rediss:` URLs. The server is verified by its certificate unless `dangerous` says otherwise. */
  readonly tls?: RedisTlsOptions | undefined;
  /** Who we are to sentinels, where they ask; user and password of the URL are for the master. */
  readonly sentinel?: { readonly username?: string | undefined; readonly password?: string | undefined } | undefined;
  readonly dangerous?: RedisDangerousOptions | undefined;
}

/** How a connection is secured. */
export interface RedisTlsOptions
  extends Pick<TlsConnectOptions, "trust" | "identity" | "intermediates" | "serverName" | "dangerous"> {
  /** The one on `node:tls` by default. */
  readonly backend?: TlsBackend | undefined;
}

/** What is lost is in the name. */
export interface RedisDangerousOptions {
  /** Whoever is on the way to another machine reads and changes what the store remembers, secrets included. */
  readonly unencryptedConnection?: boolean | undefined;
}
