import { DEFAULT_REDIRECT_POLICY } from "@fairlead/http/redirects";
import { secureUrl } from "@fairlead/http/hsts";
import { isSameSite, siteHost } from "@fairlead/http/site";
import type { Store } from "@fairlead/store";
import { identityFingerprint, type TlsAnchors, type TlsTrust } from "@fairlead/tls";
import { CertificateErrors } from "./agreement/certificate-errors.ts";
import { ClientCertificates } from "./agreement/client-certificates.ts";
import { StoredIdentities } from "./agreement/stored-identities.ts";
import { SharedQuestions } from "./agreement/shared-questions.ts";
import { DEFAULT_EXPANSION, expansionLimit } from "./content-expansion.ts";
import { Authenticator } from "./authentication/authenticator.ts";
import { RequestAuthenticators } from "./authentication/request-authenticators.ts";
import type { ConnectGround } from "./connect/connect.ts";
import { OpenStreams } from "./connect/open-streams.ts";
import type { Connectivity } from "./connectivity/connectivity.ts";
import { ConnectivityHints } from "./connectivity/hints.ts";
import { openConnectivity } from "./connectivity/open-connectivity.ts";
import { datagramBackend } from "./datagrams/datagram-backend.ts";
import type { DatagramMeans } from "./datagrams/datagram-means.ts";
import type { HopOptions, Stage } from "./dispatch.ts";
import type { TransferMeans } from "./download/download.ts";
import { fetchHops } from "./fetch/fetch-hops.ts";
import type { OpenedStorage } from "./cache/open-response-cache.ts";
import { cacheScope } from "./cache/response-cache.ts";
import type { ForgetGround } from "./forget/forget.ts";
import { openMemories, type Memories } from "./memory/memories.ts";
import { RetryBudgets } from "./memory/retry-budgets.ts";
import { NameCache } from "./names/name-cache.ts";
import { StoredAddresses } from "./names/stored-addresses.ts";
import { observedConnector } from "./observe/observed-connector.ts";
import { Observers } from "./observe/observers.ts";
import { Tally } from "./observe/tally.ts";
import type { ExchangeDefaults } from "./open-exchange.ts";
import type { ConnectSettings, NetworkAccessManagerOptions } from "./options.ts";
import { BackgroundRefreshes } from "./pipeline/cache/background-refreshes.ts";
import { answerError } from "./pipeline/answer.ts";
import { observe } from "./pipeline/observe.ts";
import { checkPipeline, pipeline } from "./pipeline/pipeline.ts";
import { ConnectionPools } from "./pipeline/pool.ts";
import { waitForOnline } from "./pipeline/wait-for-online.ts";
import { followRedirects } from "./pipeline/redirect/follow.ts";
import { judgeRedirects } from "./pipeline/redirect/judge.ts";
import type { BackendChoice } from "./pool/backend-choice.ts";
import { createConnector } from "./pool/connector.ts";
import { Coalescing } from "./pool/h2/coalescing.ts";
import { http2Settings } from "./pool/h2/options.ts";
import { tellsOfRequests } from "./pool/secure.ts";
import { startRequest } from "./request.ts";
import { retryPolicy } from "./retry-option.ts";
import { fetchScriptBy } from "./route/pac/fetch-script.ts";
import { ProxyAuthentication } from "./route/proxy-authentication.ts";
import { streamOpener } from "./route/open-stream.ts";
import { openRoutes } from "./route/routes.ts";
import { dataScheme } from "./schemes/data-scheme.ts";
import { SchemeRegistry } from "./schemes/scheme-registry.ts";
import { TargetCache } from "./target.ts";
import { Tenants } from "./tenants.ts";
import { DEFAULT_TIMEOUTS, timeoutsOf } from "./timeouts.ts";
import { UnderWay } from "./under-way.ts";

const CONNECTIONS_PER_ORIGIN = 128;
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
const DEFAULT_TRUST: TlsTrust = { type: "default" };

/** What a manager is assembled from. */
export interface ManagerGround {
  readonly options: NetworkAccessManagerOptions;
  readonly choice: BackendChoice;
  readonly store: Store;
  readonly cacheStorage: OpenedStorage;
  /** Fires when the manager is destroyed, with what it was destroyed with. */
  readonly ending: AbortSignal;
}

/** The parts that a manager hands its work to. */
export interface ManagerParts {
  readonly memories: Memories;
  readonly forgetful: ForgetGround["forgetful"];
  readonly pools: ConnectionPools;
  readonly clientCertificates: ClientCertificates | undefined;
  readonly refreshes: BackgroundRefreshes;
  readonly underWay: UnderWay;
  /** They end with the manager. */
  readonly tenants: Tenants;
  readonly authenticators: RequestAuthenticators;
  readonly targets: TargetCache;
  readonly connectivity: () => Connectivity;
  readonly observers: Observers;
  readonly tally: Tally;
  /** For exchanges that are no fetch: their `dispatch` follows redirects. */
  readonly requests: ExchangeDefaults;
  readonly fetches: ExchangeDefaults;
  /** For those of other libraries, who follow redirects by themselves once these are judged. */
  readonly foreign: ExchangeDefaults;
  readonly transfers: TransferMeans;
  readonly datagrams: DatagramMeans;
  readonly connects: ConnectGround;
}

/** Joins memories, stages and pools to what a manager is. @throws UsageError for an option that cannot be. */
export function assemble({ options, choice, store, cacheStorage, ending }: ManagerGround): ManagerParts {
  const { tls = {} } = options;
  const timeouts = timeoutsOf(options.timeouts, DEFAULT_TIMEOUTS);
  const memories = openMemories(store, options, cacheStorage);
  const { now = Date.now } = options;
  const names = new NameCache(
    options,
    now,
    options.rememberAddresses === false ? undefined : new StoredAddresses(store, memories.lessons),
  );
  const routes = openRoutes(options, {
    names,
    fetchScript: fetchScriptBy((url, asked) => startRequest(url, asked, requests)),
    now,
  });
  const underWay = new UnderWay();
  const targets = new TargetCache();
  const refreshes = new BackgroundRefreshes();
  const authenticator = new Authenticator({
    settings: options.authentication ?? {},
    questions: new SharedQuestions(ending),
    memory: memories.credentials,
  });
  const authenticators = new RequestAuthenticators(options.authenticator);
  const proxyAuthentication = new ProxyAuthentication(authenticator);

  const observers = new Observers();
  const tally = new Tally(memories.responses !== undefined);
  const observed = observe(observers, tally);
  const http2 = http2Settings(options.http2);
  const hints = new ConnectivityHints();
  let connections = 0;
  const countConnection = (): number => (connections += 1);
  const settings = connectSettings(options, choice, memories, {
    ...{ names, tcp: options.tcp ?? {}, proxyAuthentication, timeouts, countConnection },
  });
  const connector = observedConnector(
    hints.observe(createConnector(settings, memories.tickets, memories.lessons, memories.rejections)),
    observers,
    tally,
  );
  const coalescing = http2?.coalesce === true ? new Coalescing(connector, names) : undefined;
  const pools = new ConnectionPools({
    connector: coalescing?.connector ?? connector,
    hsts: memories.hsts,
    timeouts,
    http2,
    connectionsPerOrigin: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
    acceptAnyCertificate: tls.dangerous?.acceptAnyCertificate ?? false,
  });

  const { onClientCertificate, onCertificateError } = options;
  const clientCertificates =
    onClientCertificate === undefined || tls.identity !== undefined
      ? undefined
      : new ClientCertificates({
          ask: onClientCertificate,
          stored: new StoredIdentities(store, memories.lessons, memories.subscriptions),
          now,
        });
  const certificateErrors =
    onCertificateError &&
    new CertificateErrors(onCertificateError, memories.certificateExceptions, memories.hsts, memories.lessons);
  const schemes = new SchemeRegistry(options.schemes ?? [], [dataScheme]);
  const budgets = new RetryBudgets();
  const tenants = new Tenants();
  const connectionAgreement = { questions: new SharedQuestions(ending), clientCertificates, certificateErrors };
  tenants.add(schemes);
  const dispatch = pipeline(
    {
      memories,
      schemes: { registry: schemes, openStream: streamOpener({ connector, ...routes.rules }) },
      tlsBackend: choice.backend.name,
      earlyData: tls.earlyData ?? false,
      retry: {
        policy: retryPolicy(options.retry),
        now: options.now ?? Date.now,
        random: Math.random,
        ending,
        budgets,
      },
      agreement: (clientCertificates ?? certificateErrors) && {
        questions: new SharedQuestions(ending),
        clientCertificates,
        certificateErrors,
        refusesLate: !tellsOfRequests(choice.backend.name),
        probe: (options: HopOptions) => pools.probe(options),
      },
      routes: routes.rules,
      coalescing,
      authenticator,
      identification: {
        sendsSecretsInTheClear: options.authentication?.dangerous?.sendSecretsInTheClear ?? false,
        ending,
      },
      proxyAuthentication,
      cache: memories.responses && {
        cache: memories.responses,
        refreshes,
        scope: cacheScope(options.unix),
      },
      clientIdentity: tls.identity === undefined ? "" : identityFingerprint(tls.identity),
      waitForOnline: waitForOnline(() => connectivity()),
      refuseWhenDestroyed: refuseWhenDestroyed(ending),
    },
    pools.dispatch,
  );
  const connectivity = openConnectivity(options.connectivity, {
    dispatch: checkPipeline({ routes: routes.rules, refuseWhenDestroyed: refuseWhenDestroyed(ending) }, pools.dispatch),
    targets,
    names,
    timeouts,
    now,
    hints,
    tenants,
    underWay,
  });

  const rules = {
    context: {
      upgrade: (url: URL): URL => {
        const secure = secureUrl(url);
        return secure !== undefined && memories.hsts.knows(url.hostname) ? secure : url;
      },
      isSameSite,
      isListed: (url: URL, sites: readonly string[]): boolean =>
        sites.includes(url.hostname) || sites.includes(siteHost(url.hostname)),
    },
    targets,
    ending,
  };
  const defaults = {
    targets,
    schemes,
    underWay,
    timeouts,
    redirect: options.redirect ?? DEFAULT_REDIRECT_POLICY,
    onRedirect: options.onRedirect,
    originBoundFields: new Set(options.originBoundFields?.map((name) => name.toLowerCase())),
    cookies: options.cookies ?? true,
    onAuthenticate: options.onAuthenticate,
    authenticators,
    isGateway: memories.responses?.type === "shared",
    bodyLimitBytes: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    contentExpansion: expansionLimit(options.contentExpansion, DEFAULT_EXPANSION),
    tlsBackend: choice.backend.name,
    chooseRoutesFor: routes.chooseFor,
  };
  const requests = { ...defaults, dispatch: observed(followRedirects(rules)(dispatch)) };
  const fetches = { ...defaults, dispatch: observed(followRedirects(rules)(fetchHops(dispatch))) };
  const foreign = { ...defaults, dispatch: observed(followRedirects(rules)(judgeRedirects(rules)(dispatch))) };
  const { cookies, credentials, rejections, tickets } = memories;
  return {
    memories,
    forgetful: [
      ["cookies", cookies.verified.own],
      ["cookies", cookies.excepted.own],
      ["partitioned-cookies", cookies.verified.partitioned],
      ["partitioned-cookies", cookies.excepted.partitioned],
      ["credentials", credentials],
      ["tls-tickets", tickets],
      ["resolved-addresses", names],
      ...(clientCertificates === undefined ? [] : [["client-identities", clientCertificates] as const]),
      ...[pools, rejections, budgets, routes.rules.failed, targets].map((part) => [undefined, part] as const),
      ...(coalescing === undefined ? [] : [[undefined, coalescing] as const]),
    ],
    pools,
    clientCertificates,
    refreshes,
    underWay,
    tenants,
    authenticators,
    targets,
    connectivity,
    observers,
    tally,
    requests,
    fetches,
    foreign,
    transfers: { requests, tenants, retry: options.retry, now },
    datagrams: {
      settings,
      findBackend: datagramBackend(tls, choice),
      chooseRoutes: routes.rules.choose,
      agreement: connectionAgreement,
      acceptAnyCertificate: tls.dangerous?.acceptAnyCertificate ?? false,
      ...{ tickets, lessons: memories.lessons, observers, tally, tenants, underWay, ending },
    },
    connects: {
      ...{ connector, underWay, timeouts, ending, chooseFor: routes.chooseFor },
      ...{ choose: routes.rules.choose, failed: routes.rules.failed, hsts: memories.hsts },
      agreement: connectionAgreement,
      acceptAnyCertificate: tls.dangerous?.acceptAnyCertificate ?? false,
      onAuthenticate: options.onAuthenticate,
      streams: new OpenStreams(tenants),
    },
  };
}

/** A closed manager begins nothing, and follows what has begun; a destroyed one does not. */
function refuseWhenDestroyed(ending: AbortSignal): Stage {
  return (next) => (options, handler) =>
    // `destroy` aborts with nothing else than an error.
    ending.aborted ? answerError(handler, ending.reason as Error) : next(options, handler);
}

/** What connections are made with. */
function connectSettings(
  options: NetworkAccessManagerOptions,
  choice: BackendChoice,
  memories: Memories,
  path: Pick<ConnectSettings, "names" | "tcp" | "proxyAuthentication" | "timeouts" | "countConnection">,
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
    groups: tls.groups && [...tls.groups],
    ciphers: tls.ciphers && [...tls.ciphers],
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
