import { parseHttpDate } from "../cache/http-date.ts";

/**
 * Reads `Retry-After`: milliseconds to wait, 0 for a date that has passed; `undefined` for what is neither seconds nor a
 * date.
 *
 * @param now milliseconds since the epoch.
 * @see RFC 9110 section 10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = parseHttpDate(text, now);
  return date === undefined ? undefined : Math.max(0, date - now);
}
