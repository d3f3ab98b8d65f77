import type { OnAuthenticate } from "../authentication/question.ts";
import type { AuthenticatorOption } from "../authentication/request-authenticators.ts";
import type { WaitFor } from "../exchange.ts";
import type { ContentExpansion } from "../content-expansion.ts";
import type { RetryOption } from "../retry-option.ts";
import type { RouteSettings } from "../route/options.ts";
import { extractContent, type RequestContent } from "./request-content.ts";
import type { RequestTimeouts } from "../timeouts.ts";

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
  /** Asked in place of the manager's own callback; `false`, as `credentials: "omit"`, asks nobody. */
  readonly onAuthenticate?: OnAuthenticate | false;
  /** Says who the client is; see the same option of `request`. `false`, as `credentials: "omit"`, has nobody do so. */
  readonly authenticator?: AuthenticatorOption | false;
  /** How far the body may grow while its content codings are undone; see the same option of `request`. */
  readonly contentExpansion?: ContentExpansion;
  /** Deadlines of its own; see the same option of `request`. */
  readonly timeouts?: RequestTimeouts;
  /** When it is made again after it failed; see the same option of `request`. */
  readonly retry?: RetryOption;
  /** What it waits for before it is sent; see the same option of `request`. */
  readonly waitFor?: WaitFor;
}

/** What the standard calls `RequestInfo`: a `Request` of the runtime, or of another implementation. */
export type FetchInput = string | URL | globalThis.Request;

type RuntimeRequest = globalThis.Request;

/** What `init` may hold that the runtime's types do not know, or only some versions do. */
type LooseInit = FetchInit & { readonly duplex?: unknown; readonly priority?: unknown };

/** What the arguments of one call of fetch ask for, checked. */
export interface FetchArguments {
  /** As given, or as the `Request` has it. */
  readonly url: string | URL;
  readonly method: string;
  /** `undefined` for none. */
  readonly headers: Headers | undefined;
  readonly content: RequestContent | undefined;
  /** The body of a `Request`, of which nothing is known yet; then there is no content. */
  readonly requestBody: ReadableStream | undefined;
  readonly signal: AbortSignal | undefined;
  /** `undefined` when nothing was said. */
  readonly redirect: RuntimeRequest["redirect"] | undefined;
  readonly credentials: RuntimeRequest["credentials"];
  readonly cache: RuntimeRequest["cache"];
  readonly mode: RuntimeRequest["mode"];
  /** A URL; `about:client` or empty for none. */
  readonly referrer: string;
  readonly referrerPolicy: RuntimeRequest["referrerPolicy"];
  /** Empty for none. */
  readonly integrity: string;
}

/** Methods that are as they are to be. */
const PLAIN_METHODS: ReadonlySet<unknown> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]);
const PLAIN_REDIRECTS: ReadonlySet<unknown> = new Set([undefined, "follow", "manual", "error"]);

const NO_INIT: LooseInit = {};

const DEFAULTS = {
  method: "GET",
  headers: undefined,
  content: undefined,
  requestBody: undefined,
  signal: undefined,
  redirect: undefined,
  credentials: "same-origin",
  cache: "default",
  mode: "cors",
  referrer: "about:client",
  referrerPolicy: "",
  integrity: "",
} as const;

/**
 * Reads the arguments of fetch. The runtime's own `Request` checks what is rare; making one for each call would cost
 * more than all the rest.
 *
 * @throws TypeError as the constructor of `Request` does.
 * @see Fetch Standard section 5.4, "new Request(input, init)"
 */
export function readArguments(input: FetchInput, init: FetchInit | null | undefined): FetchArguments {
  if (isRequest(input)) return readRequest(input, init ?? {});
  return readInit(asUrl(input), init ?? NO_INIT);
}

/** Whatever an application without types gives is a string, as the standard has it. */
function asUrl(input: unknown): string | URL {
  return input instanceof URL ? input : String(input);
}

function readInit(url: string | URL, init: FetchInit): FetchArguments {
  const { method = "GET", headers, body, signal, redirect, duplex, keepalive } = init as LooseInit;
  if (!isPlain(init)) return readRareInit(url, init);
  return {
    ...DEFAULTS,
    url,
    method,
    headers: headers === undefined ? undefined : new Headers(headers),
    content: readContent(method, body, { duplex, keepalive }),
    signal: readSignal(signal),
    redirect,
  };
}

/** Whether nothing is asked for that the runtime's `Request` has to check. */
function isPlain(init: LooseInit): boolean {
  const { method, redirect, credentials, cache, mode, referrer, referrerPolicy, integrity, window, priority } = init;
  const rare = credentials ?? cache ?? mode ?? referrer ?? referrerPolicy ?? integrity ?? window ?? priority;
  return rare === undefined && (method === undefined || PLAIN_METHODS.has(method)) && PLAIN_REDIRECTS.has(redirect);
}

function readRareInit(url: string | URL, init: FetchInit): FetchArguments {
  const { headers, body, signal, duplex } = init as LooseInit;
  // Its headers, body and signal are read here: the body is needed as it was given, and the signal without a follower.
  const request = new Request(checkedUrl(url), {
    ...pickRare(init),
    ...(headers !== undefined && { headers }),
  });
  return {
    ...partsOf(request),
    url,
    redirect: init.redirect,
    content: readContent(request.method, body, { duplex, keepalive: request.keepalive }),
    requestBody: undefined,
    signal: readSignal(signal),
  };
}

/** The constructor quotes a URL that it refuses, which may hold credentials: those are refused later, by name. */
function checkedUrl(url: string | URL): string {
  const parsed = URL.parse(String(url));
  return parsed?.username === "" && parsed.password === "" ? parsed.href : "https://refused.invalid/";
}

/** What the runtime's `Request` checks, and only what was given: it takes `undefined` for nothing, `null` for a value. */
function pickRare(init: LooseInit): RequestInit {
  const { method, redirect, credentials, cache, mode, referrer, referrerPolicy, integrity, keepalive } = init;
  const { window, priority } = init;
  const all = { method, redirect, credentials, cache, mode, referrer, referrerPolicy, integrity, keepalive };
  return Object.fromEntries(Object.entries({ ...all, window, priority }).filter(([, value]) => value !== undefined));
}

/** What `init` says takes the place of what the `Request` has. */
function readRequest(input: RuntimeRequest, init: FetchInit): FetchArguments {
  const given = input.body;
  const { body, duplex, headers, signal = input.signal } = init as LooseInit;
  const inheritsBody = body === undefined || body === null;
  if (inheritsBody && (input.bodyUsed || given?.locked === true)) {
    throw new TypeError("the body of the request was read already");
  }
  const inherited = partsOf(input);
  const { url, integrity, credentials, cache, mode, redirect, referrer, referrerPolicy, method } = inherited;
  const { keepalive } = input;
  const own = { method, integrity, credentials, cache, mode, redirect, referrer, referrerPolicy, keepalive };
  const request = new Request(url, { ...own, ...pickRare(init), headers: headers ?? input.headers } as RequestInit);
  return {
    ...partsOf(request),
    url,
    content: readContent(request.method, body, { duplex, keepalive: request.keepalive }),
    requestBody: inheritsBody ? (given ?? undefined) : undefined,
    signal: readSignal(signal),
  };
}

function partsOf(request: RuntimeRequest): Omit<FetchArguments, "content" | "requestBody" | "signal"> {
  const { url, method, headers, redirect, credentials, cache, mode, referrer, referrerPolicy, integrity } = request;
  return { url, method, headers, redirect, credentials, cache, mode, referrer, referrerPolicy, integrity };
}

function readContent(
  method: string,
  body: unknown,
  options: { duplex: unknown; keepalive: unknown },
): RequestContent | undefined {
  if (options.duplex !== undefined && options.duplex !== "half")
    throw new TypeError('the option duplex is "half", if anything');
  if (body === undefined || body === null) return undefined;
  if (method === "GET" || method === "HEAD") throw new TypeError(`a ${method} request cannot have a body`);
  return extractContent(body, options);
}

/** @throws TypeError for what cannot be listened to. */
function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (signal instanceof AbortSignal) return signal;
  throw new TypeError("the signal is no AbortSignal");
}

/** By its parts: those of other implementations are as good. */
function isRequest(input: unknown): input is RuntimeRequest {
  return typeof input === "object" && input !== null && Object.prototype.toString.call(input) === "[object Request]";
}
