import { cacheControl } from "./cache-control.ts";
import { fieldValue, type FieldLines } from "./fields.ts";
import { dateOf } from "./freshness.ts";
import { storedFields } from "./storage.ts";
import type { CacheResponse, StoredResponse } from "./stored-response.ts";

/**
 * The fields that make a request conditional on a stored response; empty when it has no validator.
 *
 * @see RFC 9111 section 4.3.1
 */
export function conditionalFields({ fields }: StoredResponse): FieldLines {
  const etag = fieldValue(fields, "etag");
  const modified = fieldValue(fields, "last-modified");
  return [
    ...(etag === undefined ? [] : [["if-none-match", etag] as const]),
    ...(modified === undefined ? [] : [["if-modified-since", modified] as const]),
  ];
}

/** Fields by which a request is conditional for reasons of its own; a cache then adds none. RFC 9110 section 13.1. */
export const conditionalFieldNames: ReadonlySet<string> = new Set([
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
]);

/**
 * Which of the stored responses a 304 is about: all with its strong validator, else the most recent with its weak one,
 * else the only one if neither has any.
 *
 * @see RFC 9111 section 4.3.4
 */
export function freshenedBy<Stored extends StoredResponse>(
  notModified: CacheResponse,
  stored: readonly Stored[],
): readonly Stored[] {
  const etag = fieldValue(notModified.fields, "etag");
  if (etag !== undefined) {
    const same = stored.filter(({ fields }) => weakly(fieldValue(fields, "etag")) === weakly(etag));
    if (!isWeak(etag)) return same.filter(({ fields }) => fieldValue(fields, "etag") === etag);
    return mostRecent(same);
  }
  const modified = fieldValue(notModified.fields, "last-modified");
  if (modified !== undefined) {
    return mostRecent(stored.filter(({ fields }) => fieldValue(fields, "last-modified") === modified));
  }
  return stored.length === 1 ? stored : [];
}

/**
 * A stored response after a 304, or a `HEAD`, has confirmed it: what was said anew replaces what was said before.
 *
 * @see RFC 9111 sections 3.2, 4.3.4 and 4.3.5
 */
export function freshen<Stored extends StoredResponse>(stored: Stored, confirmation: CacheResponse): Stored {
  const news = storedFields(confirmation.fields).filter(([name]) => !contentBoundFields.has(name));
  const replaced = new Set(news.map(([name]) => name));
  // Its age began anew, and whatever stood there of the way that it once came is no longer true.
  if (!replaced.has("age")) replaced.add("age");
  return {
    ...stored,
    fields: [...stored.fields.filter(([name]) => !replaced.has(name)), ...news],
    requestTime: confirmation.requestTime,
    responseTime: confirmation.responseTime,
  };
}

/**
 * Whether a response to `HEAD` confirms a stored response to `GET`: validators and length agree as far as they are given.
 *
 * @see RFC 9111 section 4.3.5
 */
export function confirmedByHead(stored: StoredResponse, head: CacheResponse): boolean {
  return (
    head.status === 200 &&
    ["etag", "last-modified", "content-length"].every((name) => {
      const said = fieldValue(head.fields, name);
      return said === undefined || said === fieldValue(stored.fields, name);
    })
  );
}

/** Whether parts of two responses may be joined: by a strong validator that they share. RFC 9111 section 3.4. */
export function sharesStrongValidator(left: StoredResponse, right: StoredResponse): boolean {
  const etag = fieldValue(left.fields, "etag");
  return etag !== undefined && !isWeak(etag) && etag === fieldValue(right.fields, "etag");
}

/** Whether a condition that a request brought itself lets a stored response answer it with 304. RFC 9111 section 4.3.2. */
export function isNotModified(request: FieldLines, stored: StoredResponse): boolean {
  const etag = fieldValue(stored.fields, "etag");
  const matches = fieldValue(request, "if-none-match");
  if (matches !== undefined) {
    if (matches.trim() === "*") return true;
    return etag !== undefined && (matches.match(entityTag) ?? []).some((each) => weakly(each) === weakly(etag));
  }
  const since = fieldValue(request, "if-modified-since");
  return since !== undefined && since === fieldValue(stored.fields, "last-modified");
}

/** Describe the content that is stored, and stay with it. */
const contentBoundFields: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-md5",
  "content-range",
  "etag",
]);

const entityTag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

function isWeak(etag: string): boolean {
  return etag.startsWith("W/");
}

function weakly(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, "");
}

function mostRecent<Stored extends StoredResponse>(stored: readonly Stored[]): readonly Stored[] {
  return stored.length === 0 ? [] : [stored.reduce((best, each) => (dateOf(each) > dateOf(best) ? each : best))];
}

/** Whether a stored response has to be confirmed by its origin before it is used stale. RFC 9111 section 5.2.2.2. */
export function forbidsStale(stored: StoredResponse, type: "private" | "shared"): boolean {
  const control = cacheControl(stored.fields);
  if (control.has("must-revalidate") || control.has("no-cache")) return true;
  return type === "shared" && (control.has("proxy-revalidate") || control.has("s-maxage"));
}
