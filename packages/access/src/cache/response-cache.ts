import {
  cacheControl,
  decideStorage,
  freshen,
  freshenedBy,
  matchesVary,
  mayAnswerFor,
  type CacheIdentity,
  type CacheRequest,
  type CacheResponse,
  type CacheType,
  type CachedResponse,
  type PermanentRedirect,
} from "@fairlead/http/cache";
import { EVERYTHING, UNKNOWN_TIME, type ForgetScope } from "../forget/scope.ts";
import { hostsOfUrls } from "../memory/readers/hosts.ts";
import type { Partition } from "../partition.ts";
import type { RedirectStorage } from "./redirect-storage.ts";
import type { CacheEntry, CacheStorage, CacheUsage, CachedBody } from "./cache-storage.ts";

/** What a cache is opened with. */
export interface ResponseCacheOptions {
  readonly type: CacheType;
  /** Where responses are kept. */
  readonly storage: CacheStorage;
  /** Where permanent redirects are. */
  readonly redirects: RedirectStorage;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The responses that a manager keeps, as an application sees them. */
export interface ManagerCache {
  /** How many there are, and how many bytes they take; permanent redirects are not counted. */
  usage(): CacheUsage;
  /**
   * Forgets those of one host, and those that were asked for on behalf of its pages, permanent redirects included.
   *
   * @param host as `URL.hostname` has it.
   * @returns of how many resources something was forgotten.
   */
  forgetHost(host: string): number;
  /** Of what there are responses, permanent redirects apart. */
  resources(): readonly CachedResource[];
  /** What is kept of one of them, without its content. */
  describe(key: string): readonly CachedResponse[];
  /** Forgets them all, permanent redirects included. */
  clear(): void;
}

/** A resource of which responses are kept. */
export interface CachedResource {
  /** Names it, for `describe` and `manager.forgetRecord`. */
  readonly key: string;
  readonly url: string;
  /** The top-level site on whose behalf it was asked for; empty for none. */
  readonly partition: string;
}

/** The responses that a manager keeps. */
export class ResponseCache implements ManagerCache {
  readonly type: CacheType;
  readonly now: () => number;
  readonly #storage: CacheStorage;
  readonly #redirects: RedirectStorage;

  constructor({ type, storage, redirects, now }: ResponseCacheOptions) {
    this.type = type;
    this.#storage = storage;
    this.#redirects = redirects;
    this.now = now;
  }

  /** What is kept of a resource and may answer a user: the one place where users are told apart. */
  find(key: string, asking: CacheIdentity): readonly CacheEntry[] {
    const entries = this.#storage.find(key);
    const redirects = this.#redirects.find(key);
    if (entries.length === 0 && redirects.length === 0) return entries;
    return [...entries, ...redirects].filter(({ identity, fields }) => mayAnswerFor(identity, asking, fields));
  }

  /** Whether anything is kept of a resource, for whomever. */
  holds(key: string): boolean {
    return this.#storage.find(key).length > 0 || this.#redirects.find(key).length > 0;
  }

  /** The storage for responses with a status. */
  storageFor(status: number): CacheStorage {
    return status === 301 || status === 308 ? this.#redirects : this.#storage;
  }

  open(entry: CacheEntry): CachedBody | undefined {
    return this.storageFor(entry.status).open(entry);
  }

  /** What of a response is kept; `undefined` when it is not to be. */
  decide(request: CacheRequest, response: CacheResponse): ReturnType<typeof decideStorage> {
    return decideStorage(request, response, this.type);
  }

  /** Takes note of a 304: tells what became of the entry that was asked about. RFC 9111 section 4.3.4. */
  confirm(key: string, asked: CacheEntry, candidates: readonly CacheEntry[], confirmation: CacheResponse): CacheEntry {
    let current = asked;
    for (const entry of freshenedBy(confirmation, candidates)) {
      const updated = this.update(key, entry, confirmation);
      if (entry.id === asked.id && entry.status === asked.status) current = updated;
    }
    return current;
  }

  /** Takes note of what a server confirmed. */
  update(key: string, entry: CacheEntry, confirmation: CacheResponse): CacheEntry {
    const head: CacheEntry = freshen(entry, confirmation);
    if (cacheControl(head.fields).has("no-store")) {
      this.forget(key, entry);
      return head;
    }
    return this.storageFor(entry.status).update(key, entry, head) ?? head;
  }

  /** The responses in whose place a new one stands: those that would have answered the same request. */
  replacedBy(key: string, asking: CacheIdentity, request: CacheRequest): readonly CacheEntry[] {
    return this.find(key, asking).filter((entry) => matchesVary(entry, request.fields));
  }

  forget(key: string, entry: CacheEntry): void {
    this.storageFor(entry.status).delete(key, entry);
  }

  /** Forgets all that is kept of a resource, whoever asked. */
  invalidate(key: string): void {
    this.#storage.delete(key);
    this.#redirects.delete(key);
  }

  permanentRedirects(): readonly PermanentRedirect[] {
    return this.#redirects.list();
  }

  /** @param url whose redirects go, in every partition; all when it is `undefined`. */
  forgetPermanentRedirects(url: URL | undefined): void {
    if (url === undefined) this.#redirects.clear();
    else this.#redirects.forget(url.origin + url.pathname + url.search);
  }

  forgetHost(host: string): number {
    const keys = new Set([...this.#storage.keys(), ...this.#redirects.keys()].filter((key) => isAbout(key, host)));
    for (const key of keys) this.invalidate(key);
    return keys.size;
  }

  /** Forgets responses, and no redirects. @returns how many. */
  forgetWithin(scope: ForgetScope): number {
    if (scope === EVERYTHING) {
      const { entries } = this.usage();
      this.#storage.clear();
      return entries;
    }
    const meant = this.#storage.keys().flatMap((key) => {
      const hosts = hostsOf(key);
      if (!scope.covers(hosts, UNKNOWN_TIME)) return [];
      const entries = this.#storage.find(key).filter(({ responseTime }) => scope.covers(hosts, responseTime));
      return entries.map((entry) => ({ key, entry }));
    });
    const forgetAll = (): void => {
      for (const { key, entry } of meant) this.#storage.delete(key, entry);
    };
    if (this.#storage.thoroughly === undefined) forgetAll();
    else if (meant.length > 0) this.#storage.thoroughly(forgetAll);
    return meant.length;
  }

  usage(): CacheUsage {
    return this.#storage.usage();
  }

  resources(): readonly CachedResource[] {
    return this.#storage.keys().map((key) => {
      const [place, url] = partsOf(key);
      return { key, url, partition: place };
    });
  }

  describe(key: string): readonly CachedResponse[] {
    return this.#storage.find(key);
  }

  /** @returns whether anything was kept of it. */
  forgetResource(key: string): boolean {
    if (this.#storage.find(key).length === 0) return false;
    this.#storage.delete(key);
    return true;
  }

  clear(): void {
    this.#storage.clear();
    this.#redirects.clear();
  }

  close(): void {
    this.#storage.close();
    this.#redirects.close();
  }
}

/**
 * Names a resource within a partition, which has no space in it.
 *
 * @param scope from `cacheScope`.
 */
export function cacheKey(scope: string, partition: Partition, url: string): string {
  return `${scope}${partition} ${url}`;
}

/** Whether a key of `cacheKey` names a resource of a host, or one that a page of its site asked for. */
function isAbout(key: string, host: string): boolean {
  return hostsOf(key).includes(host);
}

function hostsOf(key: string): readonly string[] {
  const [partition, url] = partsOf(key);
  return hostsOfUrls(url, partition);
}

function partsOf(key: string): readonly [partition: string, url: string] {
  const [place = "", url = ""] = key.split(" ");
  return [place.replace(/^unix:[^+]*\+/, ""), url];
}

/** Tells apart the resources of servers that are found otherwise than by their names: behind a Unix socket. */
export function cacheScope(unix: string | undefined): string {
  return unix === undefined ? "" : `unix:${encodeURIComponent(unix)}+`;
}
