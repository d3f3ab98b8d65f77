import { parseHttpDate } from "../cache/http-date.ts";
import { matchesStrongly, matchesWeakly, parseEntityTags } from "./entity-tag.ts";

/** What a request makes itself conditional on. Values of repeated fields are joined by commas. */
export interface ConditionFields {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

/** The representation that a request would get, or change. */
export interface CurrentRepresentation {
  readonly etag: string | undefined;
  /** Milliseconds since the epoch, of which the whole seconds count; `undefined` when nobody knows. */
  readonly lastModified: number | undefined;
}

/**
 * - `perform`: do what was asked for.
 * - `not-modified`: answer 304.
 * - `failed`: answer 412.
 */
export type PreconditionOutcome = "perform" | "not-modified" | "failed";

/**
 * Evaluates the preconditions of a request, in the order that is prescribed. They count only where the answer would be a
 * success without them.
 *
 * @param current `undefined` where there is no representation yet.
 * @param now milliseconds since the epoch, for dates with a year of two digits.
 * @see RFC 9110 section 13.2.2
 */
export function evaluatePreconditions(
  method: string,
  fields: ConditionFields,
  current: CurrentRepresentation | undefined,
  now: number,
): PreconditionOutcome {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = fields;
  const isRead = method === "GET" || method === "HEAD";
  if (ifMatch !== undefined) {
    if (!isNamed(ifMatch, current, matchesStrongly)) return "failed";
  } else if (ifUnmodifiedSince !== undefined && isModifiedSince(ifUnmodifiedSince, current, now) === true) {
    return "failed";
  }
  if (ifNoneMatch !== undefined) {
    return isNamed(ifNoneMatch, current, matchesWeakly) ? (isRead ? "not-modified" : "failed") : "perform";
  }
  if (isRead && ifModifiedSince !== undefined && isModifiedSince(ifModifiedSince, current, now) === false) {
    return "not-modified";
  }
  return "perform";
}

/**
 * Whether `Range` counts beside this `If-Range`: it names the very bytes that are there. A weak entity tag never does, and a
 * date only when it is the one that was sent and a second has passed, in which the file might have changed again.
 *
 * @see RFC 9110 section 13.1.5
 */
export function ifRangeHolds(ifRange: string | undefined, current: CurrentRepresentation, now: number): boolean {
  if (ifRange === undefined) return true;
  const value = ifRange.trim();
  if (value.startsWith('"') || value.startsWith("W/")) return matchesStrongly(value, current.etag ?? "");
  const date = parseHttpDate(value, now);
  const modified = wholeSeconds(current.lastModified);
  return date !== undefined && date === modified && now - modified >= 1_000;
}

/** Fields of the 200 that a 304 repeats, for what they say about the stored response. RFC 9110 section 15.4.5. */
export const notModifiedFieldNames: ReadonlySet<string> = new Set([
  "cache-control",
  "content-location",
  "date",
  "etag",
  "expires",
  "vary",
]);

function isNamed(
  value: string,
  current: CurrentRepresentation | undefined,
  matches: (left: string, right: string) => boolean,
): boolean {
  if (current === undefined) return false;
  const list = parseEntityTags(value);
  if (list.type === "any") return true;
  const { etag } = current;
  return etag !== undefined && list.tags.some((tag) => matches(tag, etag));
}

/** `undefined` where the field does not count: it is no date, or there is none to compare it with. */
function isModifiedSince(value: string, current: CurrentRepresentation | undefined, now: number): boolean | undefined {
  const date = parseHttpDate(value.trim(), now);
  const modified = wholeSeconds(current?.lastModified);
  return date === undefined || modified === undefined ? undefined : modified > date;
}

function wholeSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1_000) * 1_000;
}
