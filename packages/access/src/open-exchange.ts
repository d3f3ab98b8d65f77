import type { CacheMode } from "@fairlead/http/cache";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import { backendCan, unsupported } from "@fairlead/tls";
import type { OnAuthenticate } from "./authentication/question.ts";
import {
  authenticatorsOption,
  type AuthenticatorOption,
  type RequestAuthenticators,
} from "./authentication/request-authenticators.ts";
import type { BodyLimits } from "./body-limits.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Exchange, RedirectHandling, WaitFor } from "./exchange.ts";
import type { OnRedirect } from "./options.ts";
import { partitionOf } from "./partition.ts";
import { retryPolicy, type RetryOption } from "./retry-option.ts";
import type { KnownSchemes } from "./request-url.ts";
import type { RouteSettings } from "./route/options.ts";
import type { Routes } from "./route/routes.ts";
import type { TargetCache } from "./target.ts";
import type { RequestTimeouts, Timeouts } from "./timeouts.ts";
import { OpenTransaction } from "./transaction.ts";
import type { UnderWay } from "./under-way.ts";

/** What an application may say of one exchange, whatever it is made for. */
export interface ExchangeOptions extends RouteSettings {
  readonly signal?: AbortSignal;
  /** Deadlines of its own, each for one phase; the manager's by default. */
  readonly timeouts?: RequestTimeouts;
  /** The manager's own policy by default. */
  readonly redirect?: RedirectPolicy;
  readonly onRedirect?: OnRedirect;
  /** Names of request fields that do not follow to another origin, beside those that the manager knows of. */
  readonly originBoundFields?: readonly string[];
  /** Whether cookies are sent and kept; the manager's own setting by default. */
  readonly cookies?: boolean;
  /**
   * The URL of the top-level page on whose behalf the request is made. Cookies, credentials, client certificates, cache
   * entries, connections and TLS sessions of one top-level site are used for no other, nor for the application's own
   * requests, which have none.
   */
  readonly partition?: string | URL;
  /** The site on whose behalf the request is made, for `SameSite` cookies; that of `partition` by default. */
  readonly siteForCookies?: URL;
  /** Whether a user is being taken to the URL, for `SameSite=Lax` cookies; false by default. */
  readonly topLevelNavigation?: boolean;
  /**
   * Whether it may go with the first flight of a connection that resumes a TLS session; `tls.earlyData` of the manager by
   * default. Then a replay cannot be excluded, so it is done for safe methods without a body only. RFC 8470.
   *
   * With `true`, a TLS backend that cannot is an error.
   */
  readonly earlyData?: boolean;
  /** Asked in place of the manager's own callback; `false` asks nobody, and sends nothing that is remembered. */
  readonly onAuthenticate?: OnAuthenticate | false;
  /**
   * Says who the client is without being asked, in place of the manager's own; of several the first that covers the URL.
   * `false` for nobody. An `Authorization` field of the application's own takes its place.
   */
  readonly authenticator?: AuthenticatorOption | false;
  /** How stored responses are used, as `fetch` has it; `default` by default. */
  readonly cache?: CacheMode;
  /** When it is made again after it failed; as the manager does by default. */
  readonly retry?: RetryOption;
  /**
   * What it waits for before it is sent, under its own signal and `timeouts.total`; nothing by default. `online` needs the
   * manager's `connectivity.probeUrl` or `apiUrl`.
   */
  readonly waitFor?: WaitFor;
}

/** What an exchange takes from its manager. */
export interface ExchangeDefaults extends BodyLimits {
  readonly dispatch: Dispatch;
  readonly targets: TargetCache;
  /** What is handled besides HTTP. */
  readonly schemes: KnownSchemes;
  readonly redirect: RedirectPolicy;
  readonly onRedirect: OnRedirect | undefined;
  readonly originBoundFields: ReadonlySet<string>;
  readonly cookies: boolean;
  readonly onAuthenticate: OnAuthenticate | undefined;
  readonly authenticators: RequestAuthenticators;
  /** Whether the cache is everybody's, who may bring conditions of their own. */
  readonly isGateway: boolean;
  /** Its name. */
  readonly tlsBackend: string;
  readonly chooseRoutesFor: Routes["chooseFor"];
  readonly underWay: UnderWay;
  readonly timeouts: Timeouts;
  /** How stored responses are used where an exchange says nothing, and the caches on the way are told nothing of it. */
  readonly cache?: CacheMode;
}

/** What is found out before an exchange opens. */
export interface ExchangeTerms extends Pick<Exchange, "body" | "reopenBody" | "timeouts"> {
  /** The application's own, or that of a deadline which follows it. */
  readonly signal: AbortSignal | undefined;
  /** `all` by default. */
  readonly follows?: RedirectHandling["follows"];
}

/**
 * Opens the exchange that an application asks for.
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED; UsageError for an option that cannot be.
 */
export function openExchange(options: ExchangeOptions, terms: ExchangeTerms, defaults: ExchangeDefaults): Exchange {
  const { signal, timeouts, body, reopenBody, follows = "all" } = terms;
  return {
    transaction: new OpenTransaction(),
    signal,
    partition: partitionOf(options.partition),
    chooseRoutes: defaults.chooseRoutesFor(options),
    cookies: options.cookies ?? defaults.cookies,
    siteForCookies:
      options.siteForCookies ?? (options.partition === undefined ? undefined : new URL(options.partition)),
    topLevelNavigation: options.topLevelNavigation ?? false,
    redirect: {
      follows,
      policy: options.redirect ?? defaults.redirect,
      onRedirect: options.onRedirect ?? defaults.onRedirect,
      originBoundFields: boundFields(options.originBoundFields, defaults.originBoundFields),
    },
    timeouts,
    retry: options.retry === undefined ? undefined : (retryPolicy(options.retry) ?? null),
    waitFor: options.waitFor,
    earlyData: earlyDataOption(options.earlyData, defaults),
    onAuthenticate: authenticateOption(options.onAuthenticate, defaults),
    authenticators: authenticatorsOption(options.authenticator, defaults.authenticators),
    cache: options.cache ?? defaults.cache ?? "default",
    body,
    reopenBody,
  };
}

function boundFields(own: readonly string[] | undefined, others: ReadonlySet<string>): ReadonlySet<string> {
  return own === undefined ? others : new Set([...others, ...own.map((name) => name.toLowerCase())]);
}

/** Who is asked about a request; `undefined` for nobody. */
export function authenticateOption(
  own: OnAuthenticate | false | undefined,
  defaults: ExchangeDefaults,
): OnAuthenticate | undefined {
  return own === false ? undefined : (own ?? defaults.onAuthenticate);
}

/** @throws TlsError TLS_OPTION_UNSUPPORTED */
export function earlyDataOption(isWanted: boolean | undefined, { tlsBackend }: ExchangeDefaults): boolean | undefined {
  if (isWanted !== true || backendCan(tlsBackend, "early-data")) return isWanted;
  throw unsupported(tlsBackend, "earlyData", "early-data");
}
