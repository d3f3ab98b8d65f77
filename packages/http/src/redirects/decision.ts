import type { PolicyErrorCode, ProtocolErrorCode } from "@fairlead/core";
import { REDIRECT_LIMIT, type RedirectPolicy } from "./policy.ts";

/** One response that may be a redirect, and the request that it answers. */
export interface RedirectHop {
  readonly url: URL;
  readonly method: string;
  readonly status: number;
  /** The `Location` field, decoded to text; `undefined` when there is none. */
  readonly location: string | undefined;
  /** Whether this redirect is HSTS's own upgrade, which hands no secret to anybody new. */
  readonly isHstsUpgrade: boolean;
  /** Whether the request has a body, and whether it can be sent again. */
  readonly body: "none" | "replayable" | "used";
}

/** What the rules ask about the world. */
export interface RedirectContext {
  /** The URL that will really be requested: HSTS is applied before the policy is asked. */
  readonly upgrade: (url: URL) => URL;
  /** Schemeful same site; see `@fairlead/http/site`. */
  readonly isSameSite: (a: URL, b: URL) => boolean;
  /** The site or host names of a trust list contain this URL's host. */
  readonly isListed: (url: URL, sites: readonly string[]) => boolean;
}

/** The request that follows a redirect. */
export interface RedirectedRequest {
  /** With the fragment that the redirect gives or inherits. HSTS is not applied yet, so that its hop can be seen. */
  readonly url: URL;
  readonly method: string;
  /** Whether the body is sent again. */
  readonly keepsBody: boolean;
  /** Whether the fields stay that describe a body: without the body that there was, or with another method, they lie. */
  readonly keepsBodyFields: boolean;
  /** Whether the origin changes, and with it what may be sent. */
  readonly crossesOrigin: boolean;
  /** Whether it leads from https to http, HSTS applied. */
  readonly isLessSafe: boolean;
}

/** Why a redirect is not followed; codes of the error reference. */
export type RedirectStopReason =
  | Extract<PolicyErrorCode, `REDIRECT_${string}`>
  | Extract<ProtocolErrorCode, "REDIRECT_LOCATION_INVALID">;

/** What to do with a response. */
export type RedirectDecision =
  /** It is no redirect, or the policy is to hand redirects out: it is the response. */
  | { readonly type: "respond" }
  | { readonly type: "follow"; readonly next: RedirectedRequest }
  /** The application decides; accepted, it is followed. */
  | { readonly type: "ask"; readonly next: RedirectedRequest }
  | { readonly type: "stop"; readonly reason: RedirectStopReason; readonly detail: string };

/**
 * Decides how one response is handled, from the policy, the hop and the URLs requested so far, `hop.url` the last.
 *
 * @see RFC 9110 section 15.4
 */
export function decideRedirect(
  policy: RedirectPolicy,
  hop: RedirectHop,
  history: readonly URL[],
  context: RedirectContext,
): RedirectDecision {
  if (!isRedirectStatus(hop.status)) return { type: "respond" };
  if (policy.type === "error" && !hop.isHstsUpgrade) {
    return { type: "stop", reason: "REDIRECT_UNEXPECTED", detail: `status ${String(hop.status)}` };
  }
  if (hop.location === undefined || policy.type === "manual") return { type: "respond" };

  const url = resolveLocation(hop.location, hop.url);
  if (typeof url === "string") return { type: "stop", reason: "REDIRECT_LOCATION_INVALID", detail: url };
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { type: "stop", reason: "REDIRECT_SCHEME_REFUSED", detail: `scheme ${url.protocol.slice(0, -1)}` };
  }

  if (history.length > REDIRECT_LIMIT) return { type: "stop", ...nameLimit(url, history) };

  const upgraded = context.upgrade(url);
  const method = redirectedMethod(hop.status, hop.method);
  const keepsBody = hop.body !== "none" && keepsContent(hop.status, hop.method);
  const next: RedirectedRequest = {
    url,
    method,
    keepsBody,
    keepsBodyFields: method === hop.method && (keepsBody || hop.body === "none"),
    crossesOrigin: url.origin !== hop.url.origin && !hop.isHstsUpgrade,
    isLessSafe: hop.url.protocol === "https:" && upgraded.protocol === "http:",
  };

  if (hop.isHstsUpgrade || policy.type === "error") return { type: "follow", next };
  const refusal = refuse(policy, hop.url, upgraded, next, context);
  if (refusal !== undefined) {
    return { type: "stop", reason: refusal, detail: `from ${nameUrl(hop.url)} to ${nameUrl(url)}` };
  }
  if (keepsBody && hop.body === "used") {
    return { type: "stop", reason: "REDIRECT_BODY_NOT_REPLAYABLE", detail: `status ${String(hop.status)}` };
  }
  return { type: policy.type === "ask" ? "ask" : "follow", next };
}

/** The statuses that are followed by themselves. RFC 9110 sections 15.4.2 to 15.4.9. */
export function isRedirectStatus(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * The method of the request that follows: POST becomes GET after 301 and 302, anything but HEAD becomes GET after 303.
 *
 * @see RFC 9110 sections 15.4.2, 15.4.3 and 15.4.4
 */
export function redirectedMethod(status: number, method: string): string {
  if ((status === 301 || status === 302) && method === "POST") return "GET";
  if (status === 303 && method !== "HEAD") return "GET";
  return method;
}

function keepsContent(status: number, method: string): boolean {
  return status !== 303 && redirectedMethod(status, method) === method;
}

/** The redirect's target with the fragment inherited (RFC 9110 section 10.2.2), or what is wrong with it. */
function resolveLocation(location: string, base: URL): URL | string {
  const url = URL.parse(location, base.href);
  if (url === null) return "it cannot be parsed";
  if (url.username !== "" || url.password !== "") return "it holds user information";
  if (url.hash === "" && !location.includes("#")) url.hash = base.hash;
  return url;
}

function refuse(
  policy: Exclude<RedirectPolicy, { type: "manual" | "error" }>,
  from: URL,
  to: URL,
  next: RedirectedRequest,
  context: RedirectContext,
): Extract<PolicyErrorCode, `REDIRECT_${string}`> | undefined {
  if (policy.type === "ask") return undefined;
  if (next.isLessSafe) return "REDIRECT_LESS_SAFE";
  switch (policy.type) {
    case "no-less-safe":
      return undefined;
    case "same-origin":
      return to.origin === from.origin ? undefined : "REDIRECT_CROSS_ORIGIN";
    case "same-site":
      return context.isSameSite(from, to) ? undefined : "REDIRECT_CROSS_SITE";
    case "trusted":
      return to.origin === from.origin || context.isListed(from, policy.from) || context.isListed(to, policy.to)
        ? undefined
        : "REDIRECT_NOT_LISTED";
  }
}

function nameLimit(url: URL, history: readonly URL[]): { reason: RedirectStopReason; detail: string } {
  const seen = history.findLastIndex((earlier) => withoutFragment(earlier) === withoutFragment(url));
  if (seen === -1) return { reason: "REDIRECT_LIMIT", detail: `the next would be ${nameUrl(url)}` };
  const round = [...history.slice(seen), url].map(nameUrl);
  const shown =
    round.length > 5 ? [...round.slice(0, 2), `${String(round.length - 3)} more`, ...round.slice(-1)] : round;
  return { reason: "REDIRECT_LOOP", detail: shown.join(" → ") };
}

function withoutFragment(url: URL): string {
  const hash = url.href.indexOf("#");
  return hash === -1 ? url.href : url.href.slice(0, hash);
}

/** Names a URL in a message without its query, where secrets live. */
function nameUrl(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === "" ? "" : "?…"}`;
}
