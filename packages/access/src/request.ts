import { modeFields } from "./cache/mode-fields.ts";
import type { CacheMode } from "@fairlead/http/cache";
import { UsageError } from "@fairlead/core";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import { backendCan, unsupported } from "@fairlead/tls";
import type { OnAuthenticate } from "./authentication/question.ts";
import { Deadline } from "./deadline.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Exchange } from "./exchange.ts";
import { hopOptions } from "./hop-options.ts";
import type { OnRedirect } from "./options.ts";
import { partitionOf } from "./partition.ts";
import { retryPolicy, type RetryOption } from "./retry-option.ts";
import { ReplyReceiver, type Reply } from "./reply.ts";
import { canReplay, openBody, type RequestBody } from "./request-body.ts";
import type { RouteSettings } from "./route/options.ts";
import type { Routes } from "./route/routes.ts";
import { parseRequestUrl } from "./request-url.ts";
import { flattenFields, hasField, type RequestFieldsInput } from "./request-fields.ts";
import type { TargetCache } from "./target.ts";
import { timeoutsOf, type RequestTimeouts, type Timeouts } from "./timeouts.ts";
import { OpenTransaction } from "./transaction.ts";
import type { UnderWay } from "./under-way.ts";

/** What one request may say for itself. */
export interface RequestOptions extends RouteSettings {
  /** `GET` by default; any but `CONNECT`. Case matters, as the standard has it. */
  readonly method?: string;
  readonly headers?: RequestFieldsInput;
  /** A stream can be sent once; pass a function that opens it for redirects that ask for it again. */
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
  /** Deadlines of its own, each for one phase; the manager's by default. */
  readonly timeouts?: RequestTimeouts;
  /** The same as `timeouts.total`, which it takes the place of. */
  readonly timeoutMilliseconds?: number;
  /** The manager's own policy by default. */
  readonly redirect?: RedirectPolicy;
  readonly onRedirect?: OnRedirect;
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
  /** How stored responses are used, as `fetch` has it; `default` by default. */
  readonly cache?: CacheMode;
  /** When it is made again after it failed; as the manager does by default. */
  readonly retry?: RetryOption;
}

/** What a request takes from its manager. */
export interface RequestDefaults {
  readonly dispatch: Dispatch;
  readonly targets: TargetCache;
  readonly redirect: RedirectPolicy;
  readonly onRedirect: OnRedirect | undefined;
  readonly originBoundFields: ReadonlySet<string>;
  readonly cookies: boolean;
  readonly onAuthenticate: OnAuthenticate | undefined;
  /** Whether the cache is everybody's, who may bring conditions of their own. */
  readonly isGateway: boolean;
  readonly bodyLimitBytes: number;
  /** Its name. */
  readonly tlsBackend: string;
  readonly chooseRoutesFor: Routes["chooseFor"];
  readonly underWay: UnderWay;
  readonly timeouts: Timeouts;
}

/** Makes one request without the objects of `fetch`: the fast path. */
export function startRequest(input: string | URL, options: RequestOptions, defaults: RequestDefaults): Promise<Reply> {
  const url = parseRequestUrl(input);
  if (options.method === "CONNECT") throw tunnelRefused(url);
  const timeouts = timeoutsOf(options.timeouts, defaults.timeouts);
  const { timeoutMilliseconds: total = timeouts.total } = options;
  if (total === Number.POSITIVE_INFINITY && options.timeoutMilliseconds === undefined) {
    return begin(url, options, timeouts, defaults, undefined);
  }
  const deadline = new Deadline(total, options.signal, url.host);
  try {
    return begin(url, options, timeouts, defaults, deadline);
  } catch (error) {
    deadline.clear();
    throw error;
  }
}

function begin(
  url: URL,
  options: RequestOptions,
  timeouts: Timeouts,
  defaults: RequestDefaults,
  deadline: Deadline | undefined,
): Promise<Reply> {
  const { body } = options;
  const signal = deadline?.signal ?? options.signal;
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);

  const exchange: Exchange = {
    transaction: new OpenTransaction(),
    signal,
    partition: partitionOf(options.partition),
    chooseRoutes: defaults.chooseRoutesFor(options),
    cookies: options.cookies ?? defaults.cookies,
    siteForCookies:
      options.siteForCookies ?? (options.partition === undefined ? undefined : new URL(options.partition)),
    topLevelNavigation: options.topLevelNavigation ?? false,
    redirect: {
      policy: options.redirect ?? defaults.redirect,
      onRedirect: options.onRedirect ?? defaults.onRedirect,
      originBoundFields: defaults.originBoundFields,
    },
    timeouts,
    retry: options.retry === undefined ? undefined : (retryPolicy(options.retry) ?? null),
    earlyData: earlyDataOption(options.earlyData, defaults),
    onAuthenticate: authenticateOption(options.onAuthenticate, defaults),
    cache: options.cache ?? "default",
    body: body === undefined ? "none" : canReplay(body) ? "replayable" : "used",
    reopenBody: () => openBody(body),
  };
  const target = defaults.targets.find(url.origin);
  const hop = hopOptions(
    {
      target,
      path: url.pathname + url.search,
      method: options.method ?? "GET",
      headers: requestFields(options),
      body: openBody(body),
    },
    exchange,
  );
  hop.hop.fragment = url.hash;
  const { underWay } = defaults;
  underWay.begin();
  const receiver = new ReplyReceiver(exchange, defaults.bodyLimitBytes, target.peer, deadline, underWay);
  try {
    defaults.dispatch(hop, receiver);
  } catch (error) {
    underWay.end();
    throw error;
  }
  return receiver.answer;
}

/** Who is asked about a request; `undefined` for nobody. */
export function authenticateOption(
  own: OnAuthenticate | false | undefined,
  defaults: RequestDefaults,
): OnAuthenticate | undefined {
  return own === false ? undefined : (own ?? defaults.onAuthenticate);
}

/** The fields of a request: the application's own, and what its cache mode says. */
function requestFields({ headers, cache = "default" }: RequestOptions): string[] | null {
  const added = modeFields(cache);
  if (added.length === 0) return headers === undefined ? null : flattenFields(headers);
  const fields = flattenFields(headers);
  for (const [name, value] of added) if (!hasField(fields, name)) fields.push(name, value);
  return fields;
}

/** @throws TlsError TLS_OPTION_UNSUPPORTED */
export function earlyDataOption(isWanted: boolean | undefined, { tlsBackend }: RequestDefaults): boolean | undefined {
  if (isWanted !== true || backendCan(tlsBackend, "early-data")) return isWanted;
  throw unsupported(tlsBackend, "earlyData", "early-data");
}

/** A tunnel has no response that ends: nobody would ever be answered. RFC 9110 section 9.3.6. */
function tunnelRefused(url: URL): UsageError {
  const remedy = "pass the manager as dispatcher to undici's connect";
  return new UsageError("OPTION_INVALID", { operation: "request", peer: url.host, detail: "method CONNECT", remedy });
}
