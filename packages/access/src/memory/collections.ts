import { defaultCookieLimits } from "@fairlead/http/cookies";
import { HSTS_MAX_ENTRIES } from "@fairlead/http/hsts";
import type { Collection, CollectionOptions, Store } from "@fairlead/store";

const KIB = 1024;
const MIB = 1024 * KIB;
const DAY = 24 * 60 * 60 * 1000;

/**
 * All that a manager remembers in its store, by collection. Past a bound, what was written longest ago goes. Whoever opens
 * one of these collections, a manager or a tool, opens it by this table: the first who opens sets the bounds for all.
 */
export const COLLECTIONS = {
  /** Hosts, 253 octets at the most. RFC 6797 bounds no `max-age`, and to bring one forward would weaken its host. */
  hsts: { maxEntries: HSTS_MAX_ENTRIES, maxBytes: 4 * MIB, maxAge: undefined, secret: false },
  /** 6265bis section 5.6: 4,096 octets of name and value, 1,024 of path; section 5.5: 400 days. */
  cookies: { maxEntries: defaultCookieLimits.total, maxBytes: 16 * MIB, maxAge: 400 * DAY, secret: true },
  "partitioned-cookies": {
    maxEntries: defaultCookieLimits.total,
    maxBytes: 16 * MIB,
    maxAge: 400 * DAY,
    secret: true,
  },
  /** Commonly 2 to 4 KiB, the server's certificate included. RFC 8446 section 4.6.1: seven days. */
  "tls-tickets": { maxEntries: 2_000, maxBytes: 16 * MIB, maxAge: 7 * DAY, secret: true },
  /** Commonly 1 to 2 KiB; each ends with its own date. */
  "tls-intermediates": { maxEntries: 1_000, maxBytes: 4 * MIB, maxAge: undefined, secret: false },
  /** Fingerprints. What the application said is good for as long as it said, or until it, or a person, says otherwise. */
  "certificate-exceptions": { maxEntries: 1_000, maxBytes: MIB, maxAge: undefined, secret: false },
  /** Fingerprints, and hashes of the authorities that a server named; never a key. They tell who somebody is, and where. */
  "client-identities": { maxEntries: 1_000, maxBytes: MIB, maxAge: undefined, secret: true },
  /** A token of Bearer may take as much as a server's limit of a field, 8 KiB commonly. */
  credentials: { maxEntries: 1_024, maxBytes: 8 * MIB, maxAge: undefined, secret: true },
  /** Commonly 2 to 8 KiB, an ID token and a key included, and twice: once to be read, once to be taken. */
  "oauth-tokens": { maxEntries: 1_024, maxBytes: 8 * MIB, maxAge: undefined, secret: true },
  /** Commonly 2 to 4 KiB, most of it what the authorization server says of itself. */
  "oauth-logins": { maxEntries: 256, maxBytes: 8 * MIB, maxAge: undefined, secret: true },
  /** A redirect that nobody has confirmed for a year is asked for again. */
  "permanent-redirects": { maxEntries: 2_000, maxBytes: 8 * MIB, maxAge: 365 * DAY, secret: false },
  /** RFC 7838 section 3.1 bounds no `ma`. An alternative is tried in vain at the most, and learned again for nothing. */
  "alt-svc": { maxEntries: 1_000, maxBytes: MIB, maxAge: 30 * DAY, secret: false },
  /** An hour, as in memory: what is long out of date is a mistake more often than not. */
  "resolved-addresses": { maxEntries: 1_000, maxBytes: MIB, maxAge: DAY / 24, secret: false },
} as const satisfies Readonly<Record<string, CollectionOptions>>;

/** A collection that a manager keeps. */
export type CollectionName = keyof typeof COLLECTIONS;

/** Opens one of the collections by the table. */
export function openCollection(store: Store, name: CollectionName): Collection {
  return store.collection(name, COLLECTIONS[name]);
}

/** Whether a name is that of a collection that a manager keeps. */
export function isCollectionName(name: string): name is CollectionName {
  return Object.hasOwn(COLLECTIONS, name);
}
