import { UsageError } from "@fairlead/core";
import { secureUrl } from "@fairlead/http/hsts";
import { fetch as engineFetch, FormData as EngineFormData, Request as EngineRequest } from "undici";
import type { RequestInit as EngineInit } from "undici";
import type { DispatchHandler, ForeignOptions, HopOptions } from "./dispatch.ts";
import type { Exchange, RedirectHandling } from "./exchange.ts";
import { codedCauseOf, FetchError } from "./fetch-error.ts";
import { hopOptions } from "./hop-options.ts";
import type { HstsMemory } from "./memory/hsts-memory.ts";
import { OWN_PARTITION, partitionOf, type Partition } from "./partition.ts";
import { retryPolicy, type RetryOption } from "./pipeline/retry.ts";
import { earlyDataOption, parseRequestUrl, type RequestDefaults } from "./request.ts";
import type { RouteSettings } from "./route/options.ts";
import { hasField, pickFields, withField, withoutFields } from "./request-fields.ts";
import { Hop, recordFailure, recordTransaction, OpenTransaction } from "./transaction.ts";

/** What fetch takes from its manager. */
export interface FetchDefaults extends RequestDefaults {
  readonly hsts: HstsMemory;
  /** How redirects are handled that the engine is to follow. */
  readonly handling: RedirectHandling;
}

/** The standard's `RequestInit`, and what the standard leaves to the browser. */
export interface FetchInit extends globalThis.RequestInit, RouteSettings {
  /** The URL of the top-level page on whose behalf it is made; see the same option of `request`. */
  readonly partition?: string | URL;
  /** The site on whose behalf the request is made, for `SameSite` cookies; that of `partition` by default. */
  readonly siteForCookies?: URL;
  /** Whether a user is being taken to the URL, for `SameSite=Lax` cookies; false by default. */
  readonly topLevelNavigation?: boolean;
  /** Whether it may go as early data; see the same option of `request`. */
  readonly earlyData?: boolean;
  /** When it is made again after it failed; see the same option of `request`. */
  readonly retry?: RetryOption;
}

/** What the standard calls `RequestInfo`; the runtime's own `Request` included. */
export type FetchInput = string | URL | globalThis.Request;

/** WHATWG fetch by undici over the manager's pipeline: the engine follows redirects, and the policy watches them. */
export function startFetch(
  input: FetchInput,
  init: FetchInit | undefined,
  defaults: FetchDefaults,
): Promise<globalThis.Response> {
  const request = typeof input === "string" || input instanceof URL ? undefined : toEngineRequest(input);
  const body = init?.body ?? undefined;
  const redirect = init?.redirect ?? request?.redirect ?? (defaults.redirect.type === "manual" ? "manual" : "follow");
  const exchange = new FetchExchange(
    {
      signal: init?.signal ?? request?.signal,
      cookies: defaults.cookies && (init?.credentials ?? request?.credentials) !== "omit",
      partition: init?.partition === undefined ? OWN_PARTITION : partitionOf(init.partition),
      chooseRoutes: init === undefined ? undefined : defaults.chooseRoutesFor(init),
      siteForCookies: init?.siteForCookies ?? (init?.partition === undefined ? undefined : new URL(init.partition)),
      topLevelNavigation: init?.topLevelNavigation ?? false,
      earlyData: earlyDataOption(init?.earlyData, defaults),
      retry: init?.retry === undefined ? undefined : (retryPolicy(init.retry) ?? null),
      body: bodyState(body),
      reopenBody: undefined,
      redirect: redirect === "follow" ? defaults.handling : undefined,
    },
    defaults,
  );
  // The engine takes whatever the standard takes; its types name its own classes.
  const engineInit: Record<string, unknown> = { ...init, dispatcher: exchange };
  if (redirect !== "follow") engineInit["redirect"] = redirect;
  if (body instanceof FormData) engineInit["body"] = toEngineForm(body);
  const url = request ?? upgradeBeforehand(input as string | URL, init, redirect, exchange, defaults);
  const { underWay } = defaults;
  underWay.begin();
  return engineFetch(url, engineInit as EngineInit).then(
    (response) => {
      underWay.end();
      recordTransaction(response, exchange.transaction);
      return asStandard(response);
    },
    (error: unknown) => {
      underWay.end();
      const failure = explainFailure(error, input, exchange);
      recordFailure(failure, exchange.transaction);
      throw failure;
    },
  );
}

/**
 * The engine's response has the standard's shape, and only its identity differs: `instanceof Response` asks for the
 * runtime's own class, which the runtime's own engine alone can make.
 */
function asStandard(response: object): globalThis.Response {
  return response as globalThis.Response;
}

function bodyState(body: unknown): Exchange["body"] {
  if (body === undefined) return "none";
  return isStream(body) ? "used" : "replayable";
}

/**
 * The exchange of one fetch, and its dispatcher: it knows what came before, where the engine asks for each hop as if it
 * were the first. The engine needs `dispatch` alone; the events of a whole `Dispatcher` would cost a microsecond.
 */
class FetchExchange implements Exchange {
  readonly transaction = new OpenTransaction();
  readonly signal: Exchange["signal"];
  readonly partition: Partition;
  readonly chooseRoutes: Exchange["chooseRoutes"];
  readonly cookies: boolean;
  readonly siteForCookies: URL | undefined;
  readonly topLevelNavigation: boolean;
  readonly earlyData: Exchange["earlyData"];
  readonly retry: Exchange["retry"];
  readonly body: Exchange["body"];
  readonly reopenBody: Exchange["reopenBody"];
  readonly redirect: Exchange["redirect"];
  readonly #defaults: FetchDefaults;
  #previous: HopOptions | undefined;
  #crossedOrigin = false;

  constructor(settings: Omit<Exchange, "transaction">, defaults: FetchDefaults) {
    this.signal = settings.signal;
    this.partition = settings.partition;
    this.chooseRoutes = settings.chooseRoutes;
    this.cookies = settings.cookies;
    this.siteForCookies = settings.siteForCookies;
    this.topLevelNavigation = settings.topLevelNavigation;
    this.earlyData = settings.earlyData;
    this.retry = settings.retry;
    this.body = settings.body;
    this.reopenBody = settings.reopenBody;
    this.redirect = settings.redirect;
    this.#defaults = defaults;
  }

  dispatch(options: ForeignOptions, handler: DispatchHandler): boolean {
    const { dispatch, targets, originBoundFields } = this.#defaults;
    const previous = this.#previous;
    const { path, method, headers: fields = null, body = null, upgrade } = options;
    const target = targets.find(String(options.origin));
    let adopted = hopOptions({ target, path, method, headers: fields, body }, this);
    if (upgrade !== undefined) adopted = { ...adopted, upgrade };
    this.#previous = adopted;
    if (previous === undefined) return dispatch(adopted, handler);

    let { headers } = adopted;
    if (previous.hop.reason === "hsts") headers = restoreFields(headers, previous.headers);
    else if (previous.origin !== adopted.origin) this.#crossedOrigin = true;
    if (this.#crossedOrigin) headers = withoutFields(headers, (name) => originBoundFields.has(name));
    this.#previous = { ...adopted, headers };
    return dispatch(this.#previous, handler);
  }
}

const FIELDS_LOST_ON_UPGRADE: ReadonlySet<string> = new Set(["authorization", "cookie", "host", "proxy-authorization"]);

/** The engine takes HSTS's own upgrade for a change of origin; it is the same host, and nobody new sees the fields. */
function restoreFields(now: HopOptions["headers"], before: HopOptions["headers"]): HopOptions["headers"] {
  const lost = pickFields(before, FIELDS_LOST_ON_UPGRADE);
  let fields = now;
  for (let index = 0; index < lost.length; index += 2) {
    const name = lost[index] ?? "";
    if (!hasField(now, name.toLowerCase())) fields = withField(fields, name, lost[index + 1] ?? "");
  }
  return fields;
}

/**
 * Takes HSTS's hop before the engine starts, where the engine could not: it counts the hop as a reading of a stream, and
 * as the redirect that `redirect: "error"` refuses.
 */
function upgradeBeforehand(
  input: string | URL,
  init: FetchInit | undefined,
  redirect: NonNullable<FetchInit["redirect"]>,
  exchange: Exchange,
  { hsts }: FetchDefaults,
): string | URL {
  if (redirect !== "error" && !isStream(init?.body)) return input;
  const url = URL.parse(String(input));
  const secure = url !== null && hsts.knows(url.hostname) ? secureUrl(url) : undefined;
  if (url === null || secure === undefined) return input;
  const hop = new Hop(init?.method ?? "GET", url.origin, url.pathname + url.search);
  hop.reason = "hsts";
  hop.location = secure.href;
  hop.markResponse(307);
  hop.markEnd();
  exchange.transaction.add(hop);
  return secure;
}

/** Finds the coded error behind the engine's own "fetch failed"; an aborted fetch keeps the signal's reason. */
function explainFailure(error: unknown, input: FetchInput, { signal, transaction }: Exchange): unknown {
  if (signal?.aborted === true) return error;
  const coded = codedCauseOf(error);
  if (coded !== undefined) return coded instanceof TypeError ? coded : new FetchError(coded);
  if (transaction.hops.length > 0 || (typeof input !== "string" && !(input instanceof URL))) return error;
  const url = URL.parse(String(input));
  if (url?.protocol === "data:" || url?.protocol === "blob:") return error;
  if (url !== null && error instanceof Error && error.cause instanceof Error && error.cause.message === "bad port") {
    return new UsageError("URL_PORT_BLOCKED", { operation: "fetch", peer: url.host });
  }
  try {
    parseRequestUrl(input);
    return error;
  } catch (refusal) {
    return refusal;
  }
}

function isStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && (body instanceof ReadableStream || Symbol.asyncIterator in body);
}

/** The engine knows its own `Request` only; the runtime's has the same parts. */
function toEngineRequest(request: globalThis.Request | EngineRequest): EngineRequest {
  if (request instanceof EngineRequest) return request;
  const { method, headers, body, redirect, signal, credentials, referrer, referrerPolicy, integrity, keepalive, mode } =
    request;
  const parts = {
    method,
    headers,
    redirect,
    signal,
    credentials,
    referrer,
    referrerPolicy,
    integrity,
    keepalive,
    mode,
  };
  return new EngineRequest(request.url, {
    ...parts,
    ...(body !== null && { body, duplex: "half" }),
  } as unknown as EngineInit);
}

function toEngineForm(form: FormData): EngineFormData {
  const engineForm = new EngineFormData();
  for (const [name, value] of form) {
    if (typeof value === "string") engineForm.append(name, value);
    else engineForm.append(name, value, value.name);
  }
  return engineForm;
}
