import { CredentialMemory } from "../authentication/credential-memory.ts";
import { StoredCredentials } from "../authentication/stored-credentials.ts";
import type { Store } from "@fairlead/store";
import { responseCache, type OpenedStorage } from "../cache/open-response-cache.ts";
import type { ResponseCache } from "../cache/response-cache.ts";
import type { NetworkAccessManagerOptions } from "../options.ts";
import type { CookieSources } from "../pipeline/cookies.ts";
import { AlternativeMemory } from "./alternative-memory.ts";
import { CertificateExceptions } from "./certificate-exceptions.ts";
import { CookieMemories } from "./cookie-memories.ts";
import { EarlyDataRejections } from "./early-data-rejections.ts";
import { HstsMemory } from "./hsts-memory.ts";
import { intermediateStore } from "./intermediate-store.ts";
import { LostLessons } from "./lost-lessons.ts";
import { shippedPreloadedHosts } from "./preloaded-hosts.ts";
import { Subscriptions } from "./subscriptions.ts";
import { TicketBank } from "./ticket-bank.ts";

/** All that a manager remembers, and where that is kept. */
export interface Memories {
  readonly hsts: HstsMemory;
  /** `undefined` where HTTP/2, by which alone they are asked, is not to be spoken. */
  readonly alternatives: AlternativeMemory | undefined;
  readonly cookies: CookieSources;
  readonly tickets: TicketBank;
  /** `undefined` when none are to be remembered. */
  readonly intermediates: ReturnType<typeof intermediateStore> | undefined;
  readonly certificateExceptions: CertificateExceptions;
  readonly credentials: CredentialMemory;
  /** `undefined` when no responses are to be kept. */
  readonly responses: ResponseCache | undefined;
  readonly lessons: LostLessons;
  readonly rejections: EarlyDataRejections;
  /** Ended with the manager. */
  readonly subscriptions: Subscriptions;
}

/**
 * Opens the memories of a manager in its store.
 *
 * @param cacheStorage from `openCacheStorage`.
 */
export function openMemories(
  store: Store,
  options: NetworkAccessManagerOptions,
  cacheStorage: OpenedStorage,
): Memories {
  const { tls = {}, now = Date.now } = options;
  const lessons = new LostLessons();
  const subscriptions = new Subscriptions(store);
  const cacheSettings = options.cache === undefined || options.cache === false ? {} : options.cache;
  const acceptAnyCertificate = tls.dangerous?.acceptAnyCertificate ?? false;
  return {
    hsts: new HstsMemory(store, now, (options.hsts?.preload ?? true) ? shippedPreloadedHosts : undefined),
    alternatives: options.http2 === false ? undefined : new AlternativeMemory(store, now),
    // Whoever is behind an unverified connection neither gets the store's cookies nor adds to them.
    cookies: {
      verified: new CookieMemories(acceptAnyCertificate ? undefined : { store, subscriptions }, now),
      excepted: new CookieMemories(undefined, now),
    },
    tickets: new TicketBank(store, now),
    intermediates: (tls.intermediates?.remember ?? true) ? intermediateStore(store, lessons) : undefined,
    certificateExceptions: new CertificateExceptions(store, now),
    credentials: new CredentialMemory(storedCredentials(store, options, subscriptions), lessons, now),
    responses: cacheStorage && responseCache(cacheStorage, store, cacheSettings, now, lessons),
    lessons,
    rejections: new EarlyDataRejections(),
    subscriptions,
  };
}

/** Nothing of it is read where nobody answers, nor where nobody knows who is at the other end. */
function storedCredentials(
  store: Store,
  { onAuthenticate, tls }: NetworkAccessManagerOptions,
  subscriptions: Subscriptions,
): StoredCredentials | undefined {
  if (onAuthenticate === undefined || tls?.dangerous?.acceptAnyCertificate === true) return undefined;
  return new StoredCredentials(store, onAuthenticate, subscriptions);
}
