import { cacheControl, parseDeltaSeconds } from "./cache-control.ts";
import { fieldLines, fieldValue } from "./fields.ts";
import { parseHttpDate } from "./http-date.ts";
import type { CacheResponse, CacheType } from "./stored-response.ts";

/**
 * Seconds for which a response is fresh, counted from its making: by `s-maxage` in a shared cache, `max-age`, `Expires`,
 * or a guess where the status allows one.
 *
 * @see RFC 9111 sections 4.2.1 and 4.2.2
 */
export function freshnessLifetime(response: CacheResponse, type: CacheType): number {
  return explicitLifetime(response, type) ?? heuristicLifetime(response);
}

/** Seconds since the response was made or validated at its origin. RFC 9111 section 4.2.3. */
export function currentAge(response: CacheResponse, now: number): number {
  const { requestTime, responseTime } = response;
  const apparentAge = Math.max(0, responseTime - dateOf(response)) / 1_000;
  const responseDelay = Math.max(0, responseTime - requestTime) / 1_000;
  const residentTime = Math.max(0, now - responseTime) / 1_000;
  return Math.max(apparentAge, ageValue(response) + responseDelay) + residentTime;
}

/** Whether a response says by itself how long it is fresh. */
export function hasExplicitLifetime(response: CacheResponse, type: CacheType): boolean {
  return explicitLifetime(response, type) !== undefined;
}

/** Statuses that may be stored, and their lifetime guessed, without a word of the server. RFC 9110 section 15.1. */
export function isHeuristicallyCacheable(status: number): boolean {
  return heuristicStatuses.has(status);
}

/** When the response was made, milliseconds since the epoch; when it came, where the origin has no clock. */
export function dateOf(response: CacheResponse): number {
  const date = fieldValue(response.fields, "date");
  return (date === undefined ? undefined : parseHttpDate(date, response.responseTime)) ?? response.responseTime;
}

const heuristicStatuses: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

function explicitLifetime(response: CacheResponse, type: CacheType): number | undefined {
  const control = cacheControl(response.fields);
  const seconds = (type === "shared" ? control.seconds("s-maxage") : undefined) ?? control.seconds("max-age");
  if (seconds !== undefined) return seconds;
  const expires = fieldLines(response.fields, "expires");
  if (expires.length === 0) return undefined;
  // Repeated, or no date (`0` above all): already expired. RFC 9111 sections 4.2.1 and 5.3.
  const time = expires.length === 1 ? parseHttpDate(expires[0] ?? "", response.responseTime) : undefined;
  return time === undefined ? 0 : Math.max(0, (time - dateOf(response)) / 1_000);
}

function heuristicLifetime(response: CacheResponse): number {
  const { status, fields, responseTime } = response;
  if (!isHeuristicallyCacheable(status) && !cacheControl(fields).has("public")) return 0;
  const modified = fieldValue(fields, "last-modified");
  const time = modified === undefined ? undefined : parseHttpDate(modified, responseTime);
  if (time !== undefined) {
    return Math.min(maxHeuristicSeconds, Math.max(0, (dateOf(response) - time) / 1_000) * heuristicFraction);
  }
  // A redirect that says it is permanent is believed for a while. RFC 9110 sections 15.4.2 and 15.4.9.
  return status === 301 || status === 308 ? maxHeuristicSeconds : 0;
}

/** What more seconds than can be told are told as. RFC 9111 section 1.2.2. */
const oldestSeconds = 2 ** 31;

const heuristicFraction = 0.1;
const maxHeuristicSeconds = 7 * 86_400;

/**
 * RFC 9111 section 5.1 says to take the first member of a list, and nothing for what is no number. Either may be what an
 * intermediary made of a great age, so that the response counts as old, and its server is asked.
 */
function ageValue({ fields }: CacheResponse): number {
  const value = fieldValue(fields, "age");
  return value === undefined ? 0 : (parseDeltaSeconds(value) ?? oldestSeconds);
}
