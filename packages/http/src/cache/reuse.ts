import { cacheControl, parseDeltaSeconds, type CacheControl } from "./cache-control.ts";
import { fieldValue, type FieldLines } from "./fields.ts";
import { currentAge, dateOf, freshnessLifetime } from "./freshness.ts";
import type { CacheRequest, CacheType, StoredResponse } from "./stored-response.ts";
import { conditionalFields, forbidsStale } from "./validation.ts";
import { matchesVary } from "./vary.ts";

/** How a request wants the cache to be used. Fetch standard, section 2.2.5 "Requests": cache mode. */
export type CacheMode = "default" | "no-store" | "reload" | "no-cache" | "force-cache" | "only-if-cached";

/** What a cache does about a request. */
export type ReuseDecision<Stored extends StoredResponse> =
  /** Answers by itself. `refresh` asks the origin afterwards, where nobody waits. */
  | { readonly type: "use"; readonly stored: Stored; readonly ageSeconds: number; readonly refresh: boolean }
  /** Asks the origin whether it still holds; `fields` are added to the request. */
  | { readonly type: "validate"; readonly stored: Stored; readonly fields: FieldLines }
  /** Asks the origin. `stale` is what there is for the case that it cannot answer; see `mayAnswerOnError`. */
  | { readonly type: "forward"; readonly stale: Stored | undefined }
  /** The request wants nothing from the network, and there is nothing. */
  | { readonly type: "gateway-timeout" };

/** What the decision depends on beside the request. */
export interface ReuseContext {
  readonly type: CacheType;
  readonly mode: CacheMode;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Decides whether one of the responses that are stored under a URL answers a request.
 *
 * @see RFC 9111 section 4; RFC 5861; RFC 8246
 */
export function decideReuse<Stored extends StoredResponse>(
  request: CacheRequest,
  stored: readonly Stored[],
  context: ReuseContext,
): ReuseDecision<Stored> {
  const wants = requestWants(request.fields);
  const onlyStored = context.mode === "only-if-cached" || wants.onlyIfCached;
  const nothing = onlyStored
    ? ({ type: "gateway-timeout" } as const)
    : ({ type: "forward", stale: undefined } as const);
  if (context.mode === "no-store" || context.mode === "reload") return { type: "forward", stale: undefined };
  if (request.method !== "GET" && request.method !== "HEAD") return nothing;
  const selected = select(request.fields, stored);
  if (selected === undefined) return nothing;

  const ageSeconds = currentAge(selected, context.now);
  const use = { type: "use", stored: selected, ageSeconds, refresh: false } as const;
  if (context.mode === "force-cache" || context.mode === "only-if-cached") return use;

  const control = cacheControl(selected.fields);
  const staleness = ageSeconds - freshnessLifetime(selected, context.type);
  const mayStale = !forbidsStale(selected, context.type);
  if (mustValidate(control, wants, ageSeconds, staleness, context.mode)) {
    return onlyStored ? nothing : validate(selected);
  }
  if (staleness < -wants.minFresh) return use;
  if (mayStale && staleness <= wants.maxStale && wants.minFresh === 0) return use;
  if (onlyStored) return nothing;
  const refreshable = control.seconds("stale-while-revalidate") ?? 0;
  if (mayStale && wants.minFresh === 0 && staleness < refreshable) return { ...use, refresh: true };
  return validate(selected);
}

/**
 * Whether a stale response may answer after the origin failed: with a status of 500, 502, 503 or 504, or not at all.
 *
 * @see RFC 5861 section 4; RFC 9111 section 4.2.4
 */
export function mayAnswerOnError(
  request: FieldLines,
  stored: StoredResponse,
  { type, now }: Pick<ReuseContext, "type" | "now">,
): boolean {
  if (forbidsStale(stored, type) || requestWants(request).noCache) return false;
  const granted = Math.max(
    cacheControl(stored.fields).seconds("stale-if-error") ?? 0,
    cacheControl(request).seconds("stale-if-error") ?? 0,
  );
  return currentAge(stored, now) - freshnessLifetime(stored, type) <= granted;
}

/** Statuses that `stale-if-error` speaks of. RFC 5861 section 4. */
export const errorStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

interface RequestWants {
  readonly noCache: boolean;
  readonly onlyIfCached: boolean;
  readonly maxAge: number;
  readonly minFresh: number;
  readonly maxStale: number;
}

/** What the request's own directives ask for. RFC 9111 sections 5.2.1 and 5.4. */
function requestWants(fields: FieldLines): RequestWants {
  const control = cacheControl(fields);
  const hasControl = fieldValue(fields, "cache-control") !== undefined;
  const pragma = !hasControl && /(?:^|,)[\t ]*no-cache[\t ]*(?:,|$)/i.test(fieldValue(fields, "pragma") ?? "");
  const maxStale = control.argument("max-stale");
  return {
    noCache: control.has("no-cache") || pragma,
    onlyIfCached: control.has("only-if-cached"),
    maxAge: control.seconds("max-age") ?? Number.POSITIVE_INFINITY,
    minFresh: control.seconds("min-fresh") ?? 0,
    maxStale: !control.has("max-stale")
      ? Number.NEGATIVE_INFINITY
      : maxStale === undefined
        ? Number.POSITIVE_INFINITY
        : (parseDeltaSeconds(maxStale) ?? 0),
  };
}

function mustValidate(
  control: CacheControl,
  wants: RequestWants,
  ageSeconds: number,
  staleness: number,
  mode: CacheMode,
): boolean {
  if (mode === "no-cache" || wants.noCache || control.has("no-cache")) return true;
  // A reload says max-age=0; what is immutable is not asked about while it is fresh. RFC 8246 section 2.
  const isImmutable = control.has("immutable") && staleness < 0 && wants.maxAge === 0;
  const reach = wants.maxStale > 0 ? wants.maxAge + wants.maxStale : wants.maxAge;
  return ageSeconds > reach && !isImmutable;
}

/** Of those whose selecting fields match the most recent. RFC 9111 section 4. */
function select<Stored extends StoredResponse>(request: FieldLines, stored: readonly Stored[]): Stored | undefined {
  return stored
    .filter((each) => matchesVary(each, request))
    .reduce<Stored | undefined>((best, each) => (best && dateOf(best) >= dateOf(each) ? best : each), undefined);
}

function validate<Stored extends StoredResponse>(stored: Stored): ReuseDecision<Stored> {
  const fields = conditionalFields(stored);
  return fields.length === 0 ? { type: "forward", stale: stored } : { type: "validate", stored, fields };
}
