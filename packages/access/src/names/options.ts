import type { LookupFunction } from "node:net";

/** What a name stands for. */
export interface ResolvedName {
  /** IP literals in the order in which they are tried, IPv6 without brackets. Empty: the name has no address. */
  readonly addresses: readonly string[];
  /** Seconds that the answer is good for; 0 to ask again each time. `undefined` where nobody knows. */
  readonly ttlSeconds?: number | undefined;
}

/**
 * Finds the addresses of a host name. Asked once for all that wait for the same name; a rejection with a `code` of Node's
 * resolver (`ENOTFOUND`, `EAI_AGAIN`) keeps its meaning.
 */
export type ResolveName = (host: string) => Promise<ResolvedName>;

/** How names are resolved: by one of the two, or the system. */
export interface NameSettings {
  /** In the form of `dns.lookup`, which is the default: it heeds the system's settings, and does not tell TTLs. */
  readonly lookup?: LookupFunction;
  /** With TTLs: `resolveByDns()`, or the application's own. */
  readonly resolve?: ResolveName;
  /**
   * Whether addresses are kept in the store, for as long as their answers are good and an hour at the most; true by
   * default. They tell a reader of the store whom this machine talks to.
   */
  readonly rememberAddresses?: boolean;
}
