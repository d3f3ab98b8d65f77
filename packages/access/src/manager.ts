import { UsageError } from "@fairlead/core";
import type { PermanentRedirect } from "@fairlead/http/cache";
import { DEFAULT_REDIRECT_POLICY } from "@fairlead/http/redirects";
import { secureUrl } from "@fairlead/http/hsts";
import { isSameSite, siteHost } from "@fairlead/http/site";
import { openStore, type Store } from "@fairlead/store";
import { identityFingerprint, type TlsAnchors, type TlsTrust } from "@fairlead/tls";
import type { Dispatcher } from "undici";
import { CertificateErrors } from "./agreement/certificate-errors.ts";
import { ClientCertificates } from "./agreement/client-certificates.ts";
import { SharedQuestions } from "./agreement/shared-questions.ts";
import { Authenticator } from "./authentication/authenticator.ts";
import type { CredentialMemory } from "./authentication/credential-memory.ts";
import type { Dispatch, DispatchHandler, ForeignOptions, HopOptions, Stage } from "./dispatch.ts";
import { engine, EngineDispatcher } from "./engine-dispatcher.ts";
import type { FetchInit, FetchInput } from "./fetch/fetch-arguments.ts";
import { fetchHops } from "./fetch/fetch-hops.ts";
import { startFetch, type FetchDefaults } from "./fetch/fetch.ts";
import { adoptOptions } from "./hop-options.ts";
import { openCacheStorage, type OpenedStorage } from "./cache/open-response-cache.ts";
import { cacheScope, type ManagerCache, type ResponseCache } from "./cache/response-cache.ts";
import { openMemories, type Memories } from "./memory/memories.ts";
import { NameCache } from "./names/name-cache.ts";
import type { ConnectSettings, NetworkAccessManagerOptions } from "./options.ts";
import { OWN_PARTITION } from "./partition.ts";
import { answerError } from "./pipeline/answer.ts";
import { BackgroundRefreshes } from "./pipeline/cache/background-refreshes.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { retryPolicy } from "./retry-option.ts";
import { ConnectionPools } from "./pipeline/pool.ts";
import { followRedirects } from "./pipeline/redirect/follow.ts";
import { chooseBackend, type BackendChoice } from "./pool/backend-choice.ts";
import { fetchScriptBy } from "./route/pac/fetch-script.ts";
import { ProxyAuthentication } from "./route/proxy-authentication.ts";
import { openRoutes } from "./route/routes.ts";
import { createConnector } from "./pool/connector.ts";
import { Coalescing } from "./pool/h2/coalescing.ts";
import { http2Settings } from "./pool/h2/options.ts";
import { tellsOfRequests } from "./pool/secure.ts";
import type { Reply } from "./reply.ts";
import { parseRequestUrl } from "./request-url.ts";
import { startRequest, type RequestDefaults, type RequestOptions } from "./request.ts";
import { TargetCache, type Target } from "./target.ts";
import { DEFAULT_TIMEOUTS, foreignTimeouts, timeoutsOf } from "./timeouts.ts";
import { OpenTransaction } from "./transaction.ts";
import { UnderWay } from "./under-way.ts";

type EngineCallback<Opaque> = (error: Error | null, data: Dispatcher.ResponseData<Opaque>) => void;

const CONNECTIONS_PER_ORIGIN = 128;
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
const DEFAULT_TRUST: TlsTrust = { type: "default" };

/** What `openNetworkAccessManager` does, once this module is there. */
export async function openManager(options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> {
  const { store: storeOption = "memory:", now } = options;
  const choice = await chooseBackend(options.tls ?? {});
  const store = typeof storeOption === "string" ? await openStore(storeOption, now && { now }) : storeOption;
  const ownsStore = typeof storeOption === "string";
  let cacheStorage: OpenedStorage;
  try {
    cacheStorage = await openCacheStorage(store, options.cache ?? {}, now ?? Date.now);
    return new NetworkAccessManager(options, choice, store, ownsStore, cacheStorage);
  } catch (error) {
    cacheStorage?.close();
    if (ownsStore) await store.close();
    throw error;
  }
}

/**
 * Makes requests and remembers what they teach: HSTS, cookies, TLS tickets. Being a `Dispatcher`, it also serves any
 * library that takes one.
 */
export class NetworkAccessManager extends EngineDispatcher implements AsyncDisposable {
  /** What it remembers. */
  readonly store: Store;
  /** The responses that it keeps; `undefined` when it was opened without a cache. */
  readonly cache: ManagerCache | undefined;
  readonly #ownsStore: boolean;
  readonly #targets = new TargetCache();
  readonly #pools: ConnectionPools;
  readonly #pipeline: Dispatch;
  readonly #requests: RequestDefaults;
  readonly #fetches: FetchDefaults;
  /** Translates for callers of undici 7. */
  #legacy: Dispatcher | undefined;
  readonly #underWay = new UnderWay();
  readonly #clientCertificates: ClientCertificates | undefined;
  readonly #credentials: CredentialMemory;
  readonly #responses: ResponseCache | undefined;
  readonly #refreshes = new BackgroundRefreshes();
  #closing: Promise<void> | undefined;
  /** Fires when the manager is destroyed, with what it was destroyed with. */
  readonly #ending = new AbortController();

  /** Use `openNetworkAccessManager`. @internal */
  constructor(
    options: NetworkAccessManagerOptions,
    choice: BackendChoice,
    store: Store,
    ownsStore: boolean,
    cacheStorage: OpenedStorage,
  ) {
    super();
    this.store = store;
    this.#ownsStore = ownsStore;
    const { tls = {} } = options;
    const timeouts = timeoutsOf(options.timeouts, DEFAULT_TIMEOUTS);
    const memories = openMemories(store, options, cacheStorage);
    const { now = Date.now } = options;
    const names = new NameCache(options, now);
    const routes = openRoutes(options, {
      names,
      fetchScript: fetchScriptBy((url, asked) => this.request(url, asked)),
      now,
    });
    this.#responses = memories.responses;
    this.cache = memories.responses;
    this.#credentials = memories.credentials;
    const authenticator = new Authenticator({
      settings: options.authentication ?? {},
      questions: new SharedQuestions(this.#ending.signal),
      memory: memories.credentials,
    });
    const proxyAuthentication = new ProxyAuthentication(authenticator);

    const http2 = http2Settings(options.http2);
    const connector = createConnector(
      connectSettings(options, choice, memories, { names, proxyAuthentication, timeouts }),
      memories.tickets,
      memories.lessons,
    );
    const coalescing = http2?.coalesce === true ? new Coalescing(connector, names) : undefined;
    this.#pools = new ConnectionPools({
      connector: coalescing?.connector ?? connector,
      hsts: memories.hsts,
      timeouts,
      http2,
      connectionsPerOrigin: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
      acceptAnyCertificate: tls.dangerous?.acceptAnyCertificate ?? false,
    });

    const { onClientCertificate, onCertificateError } = options;
    if (onClientCertificate !== undefined && tls.identity === undefined) {
      this.#clientCertificates = new ClientCertificates(onClientCertificate);
    }
    const certificateErrors =
      onCertificateError &&
      new CertificateErrors(onCertificateError, memories.certificateExceptions, memories.hsts, memories.lessons);
    this.#pipeline = pipeline(
      {
        memories,
        tlsBackend: choice.backend.name,
        earlyData: tls.earlyData ?? false,
        retry: {
          policy: retryPolicy(options.retry),
          now: options.now ?? Date.now,
          random: Math.random,
          ending: this.#ending.signal,
        },
        agreement: (this.#clientCertificates ?? certificateErrors) && {
          questions: new SharedQuestions(this.#ending.signal),
          clientCertificates: this.#clientCertificates,
          certificateErrors,
          refusesLate: !tellsOfRequests(choice.backend.name),
          probe: (options: HopOptions) => this.#pools.probe(options),
        },
        routes: routes.rules,
        coalescing,
        authenticator,
        proxyAuthentication,
        cache: memories.responses && {
          cache: memories.responses,
          refreshes: this.#refreshes,
          scope: cacheScope(options.unix),
        },
        clientIdentity: tls.identity === undefined ? "" : identityFingerprint(tls.identity),
        refuseWhenDestroyed: this.#refuseWhenDestroyed,
      },
      this.#pools.dispatch,
    );

    const rules = {
      context: {
        upgrade: (url: URL): URL => (memories.hsts.knows(url.hostname) ? (secureUrl(url) ?? url) : url),
        isSameSite,
        isListed: (url: URL, sites: readonly string[]): boolean =>
          sites.includes(url.hostname) || sites.includes(siteHost(url.hostname)),
      },
      targets: this.#targets,
      ending: this.#ending.signal,
    };
    const defaults = {
      targets: this.#targets,
      underWay: this.#underWay,
      timeouts,
      redirect: options.redirect ?? DEFAULT_REDIRECT_POLICY,
      onRedirect: options.onRedirect,
      originBoundFields: new Set(options.originBoundFields?.map((name) => name.toLowerCase())),
      cookies: options.cookies ?? true,
      onAuthenticate: options.onAuthenticate,
      isGateway: memories.responses?.type === "shared",
      bodyLimitBytes: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
      tlsBackend: choice.backend.name,
      chooseRoutesFor: routes.chooseFor,
    };
    this.#requests = { ...defaults, dispatch: followRedirects(rules)(this.#pipeline) };
    this.#fetches = { ...defaults, dispatch: followRedirects(rules)(fetchHops(this.#pipeline)) };
  }

  /**
   * Fetches by the Fetch Standard: the same arguments and results as the global `fetch`, over everything the manager
   * knows. {@link transactionOf} tells what happened on the way.
   *
   * @throws FetchError, a TypeError with the code, peer and remedy of what went wrong; UsageError for a bad URL; or the
   * signal's reason.
   */
  fetch(input: FetchInput, init?: FetchInit): Promise<Response> {
    try {
      return startFetch(input, init, this.#fetches);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Makes one request by the shortest way, without the web's stream and header objects.
   *
   * @throws TransportError, TlsError, ProtocolError, PolicyError, TimeoutError, UsageError; or the signal's reason.
   */
  override request(url: string | URL, options?: RequestOptions): Promise<Reply>;
  /** The engine's own form, for libraries that take a dispatcher. */
  override request<Opaque = null>(options: Dispatcher.RequestOptions<Opaque>): Promise<Dispatcher.ResponseData<Opaque>>;
  override request<Opaque = null>(options: Dispatcher.RequestOptions<Opaque>, callback: EngineCallback<Opaque>): void;
  override request<Opaque>(
    first: string | URL | Dispatcher.RequestOptions<Opaque>,
    second: RequestOptions | EngineCallback<Opaque> = {},
  ): Promise<Reply | Dispatcher.ResponseData<Opaque>> | undefined {
    if (typeof second === "function") {
      super.request(first as Dispatcher.RequestOptions<Opaque>, second);
      return undefined;
    }
    if (typeof first !== "string" && !(first instanceof URL)) return super.request(first);
    try {
      return startRequest(first, second, this.#requests);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** One hop for a library that takes a dispatcher: redirects are its own business, everything else is ours. */
  override dispatch(options: ForeignOptions, handler: DispatchHandler): boolean {
    // The runtime's own fetch hands over the callbacks of undici 7, which undici 8 translates.
    if (!("onRequestStart" in handler)) {
      this.#legacy ??= new (engine().Dispatcher1Wrapper)(this);
      return this.#legacy.dispatch(options, handler);
    }
    const exchange = options.exchange ?? {
      transaction: new OpenTransaction(),
      signal: undefined,
      partition: OWN_PARTITION,
      chooseRoutes: undefined,
      cookies: this.#requests.cookies,
      siteForCookies: undefined,
      topLevelNavigation: false,
      earlyData: undefined,
      onAuthenticate: this.#requests.onAuthenticate,
      timeouts: foreignTimeouts(options, this.#requests.timeouts),
      cache: "default",
      retry: undefined,
      body: (options.body ?? null) === null ? "none" : "used",
      reopenBody: undefined,
      redirect: undefined,
    };
    if (this.#underWay.isClosing) {
      return answerError(handler, new UsageError("MANAGER_CLOSED", { operation: "dispatch" }));
    }
    let target: Target;
    try {
      target = this.#targets.find(String(options.origin));
    } catch {
      // Without its cause, which quotes what may hold credentials.
      return answerError(handler, new UsageError("URL_INVALID", { operation: "dispatch", detail: "origin" }));
    }
    return this.#pipeline(adoptOptions(options, target, exchange), handler);
  }

  /** Forgets which client certificate `onClientCertificate` chose for an origin, or for all. */
  forgetClientCertificates(origin?: string): void {
    if (origin === undefined) this.#clientCertificates?.forgetAll();
    else this.#clientCertificates?.forgetOrigin(origin);
  }

  /** Forgets what servers and proxies were answered: those of one origin, or all. */
  forgetCredentials(origin?: string): void {
    this.#credentials.forget(origin);
  }

  /** The redirects (301, 308) that are followed without asking, over restarts, for as long as they are fresh. */
  permanentRedirects(): readonly PermanentRedirect[] {
    return this.#responses?.permanentRedirects() ?? [];
  }

  /** Forgets what a URL redirects to for good, in every partition, or all such redirects. */
  forgetPermanentRedirects(url?: string | URL): void {
    this.#responses?.forgetPermanentRedirects(url === undefined ? undefined : parseRequestUrl(url));
  }

  /** Waits for what is under way, closes all connections, and makes what was learned durable. */
  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> {
    this.#closing ??= this.#underWay
      .close()
      .then(() => this.#refreshes.close(new UsageError("MANAGER_CLOSED", { operation: "request" })))
      .then(() => this.#pools.close())
      .then(() => this.#closeStore());
    return callback === undefined ? this.#closing : this.#closing.then(callback);
  }

  /** Ends everything at once, then makes what was learned durable. */
  override destroy(reason?: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(reason: Error | null, callback: () => void): void;
  override destroy(first: Error | null | (() => void) = null, second?: () => void): Promise<void> {
    const callback = typeof first === "function" ? first : second;
    const reason = typeof first === "function" ? null : first;
    this.#closing ??= Promise.resolve();
    this.#ending.abort(reason ?? new UsageError("MANAGER_CLOSED", { operation: "request" }));
    this.#underWay.abandon();
    const refreshed = this.#refreshes.close(this.#endingReason);
    this.#pools.destroy(this.#endingReason);
    const destroyed = refreshed.then(() => this.#closeStore());
    return callback === undefined ? destroyed : destroyed.then(callback);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #closeStore(): Promise<void> {
    this.#responses?.close();
    await (this.#ownsStore ? this.store.close() : this.store.flush());
  }

  /** A closed manager begins nothing, and follows what has begun; a destroyed one does not. */
  readonly #refuseWhenDestroyed: Stage = (next) => (options, handler) =>
    this.#ending.signal.aborted ? answerError(handler, this.#endingReason) : next(options, handler);

  get #endingReason(): Error {
    // `destroy` aborts with nothing else.
    return this.#ending.signal.reason as Error;
  }
}

/** What connections are made with. */
function connectSettings(
  options: NetworkAccessManagerOptions,
  choice: BackendChoice,
  memories: Memories,
  path: Pick<ConnectSettings, "names" | "proxyAuthentication" | "timeouts">,
): ConnectSettings {
  const { tls = {} } = options;
  const { preloaded, fetchMissing, fetchIssuer } = tls.intermediates ?? {};
  return {
    backend: choice.backend,
    backendReason: choice.reason,
    trust: fixTrust(tls.trust ?? DEFAULT_TRUST),
    intermediates: {
      ...(fetchMissing !== undefined && { fetchMissing }),
      ...(fetchIssuer && { fetchIssuer }),
      ...(preloaded && { preloaded: Object.freeze([...preloaded]) }),
      ...(memories.intermediates && { memory: memories.intermediates }),
    },
    identity: tls.identity && { identity: tls.identity, fingerprint: identityFingerprint(tls.identity) },
    minVersion: tls.minVersion ?? "TLSv1.2",
    maxVersion: tls.maxVersion ?? "TLSv1.3",
    onKeyLog: tls.dangerous?.onKeyLog,
    ...path,
  };
}

/** Anchors that nobody changes any more, and whose fingerprint is therefore made once. */
function fixTrust(trust: TlsTrust): TlsTrust {
  switch (trust.type) {
    case "anchors":
      return { type: "anchors", certificates: Object.freeze([...trust.certificates]) };
    case "pinned":
      // Anchors are never pins.
      return trust.within === undefined ? trust : { ...trust, within: fixTrust(trust.within) as TlsAnchors };
    case "default":
    case "system":
    case "bundled":
      return trust;
  }
}
