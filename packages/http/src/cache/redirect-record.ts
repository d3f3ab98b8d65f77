import { decodeHead, encodeHead, type CachedResponse } from "./cached-head.ts";
import { currentAge, freshnessLifetime } from "./freshness.ts";
import type { CacheType, StoredResponse } from "./stored-response.ts";

/** A redirect that is followed without asking. */
export interface PermanentRedirect {
  readonly url: string;
  /** The top-level site for which it is known; empty for the application itself. */
  readonly partition: string;
  readonly status: number;
  readonly location: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** One redirect of a record. */
export interface RecordedRedirect extends CachedResponse {
  /** Tells it from others of its record. */
  readonly id: number;
  /** What its server wrote to those who do not follow, in Base64. */
  readonly content: string;
}

/** Writes the redirects of one URL as text. */
export function encodeRedirects(redirects: readonly RecordedRedirect[]): string {
  return JSON.stringify(
    redirects.map(({ id, content, parts, ...head }) => ({ id, head: encodeHead(head, parts), content })),
  );
}

/** Reads what `encodeRedirects` wrote; a record that somebody changed holds none. */
export function decodeRedirects(text: string): readonly RecordedRedirect[] {
  try {
    const redirects = (JSON.parse(text) as { id: number; head: string; content: string }[]).map(
      ({ id, head, content }) => ({ ...decodeHead(head), id, content }),
    );
    return redirects.every(isWhole) ? redirects : [];
  } catch {
    return [];
  }
}

/**
 * What a record says, for people; nothing when it is none.
 *
 * @param key the partition, a space, and the URL.
 */
export function describeRedirects(key: string, text: string, type: CacheType = "private"): PermanentRedirect[] {
  const space = key.indexOf(" ");
  return decodeRedirects(text).map((redirect) => ({
    url: key.slice(space + 1),
    partition: key.slice(0, Math.max(0, space)),
    status: redirect.status,
    location: redirect.fields.find(([name]) => name === "location")?.[1] ?? "",
    expiresAt: redirectExpiry(redirect, type),
  }));
}

/** When a redirect is no longer followed without asking, in milliseconds since the epoch. */
export function redirectExpiry(redirect: StoredResponse, type: CacheType): number {
  const { responseTime } = redirect;
  return responseTime + 1_000 * (freshnessLifetime(redirect, type) - currentAge(redirect, responseTime));
}

/** A status that is no permanent redirect's would be kept as the answer itself, and asked of the store without end. */
function isWhole(redirect: RecordedRedirect): boolean {
  const { id, content, status, message, fields, requestTime, responseTime, completeLength, parts } = redirect;
  const { authorization, cookies, certificate } = redirect.identity;
  const numbers: readonly unknown[] = [id, requestTime, responseTime, completeLength ?? 0];
  const lines: readonly (readonly unknown[])[] = fields;
  const selecting = Object.values(redirect.selectingFields).map((value) => value ?? "");
  const texts: readonly unknown[] = [
    content,
    message,
    authorization,
    cookies,
    certificate,
    ...selecting,
    ...lines.flat(),
  ];
  return (
    (status === 301 || status === 308) &&
    [...numbers, ...parts.flatMap(({ first, last }) => [first, last])].every((each) => typeof each === "number") &&
    texts.every((each) => typeof each === "string") &&
    lines.every(({ length }) => length === 2)
  );
}
