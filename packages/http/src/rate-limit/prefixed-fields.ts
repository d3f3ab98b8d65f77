import type { RateLimit } from "./rate-limits.ts";

type Field = (name: string) => string | undefined;

/** What stands before `limit`, `remaining` and `reset`: the draft's until version 06, GitHub's and most others', X's. */
const PREFIXES = ["ratelimit-", "x-ratelimit-", "x-rate-limit-"];

/** A field for each number, as services have had it since before there was a draft. */
export function readPrefixedFields(field: Field, now: number): readonly RateLimit[] {
  for (const prefix of PREFIXES) {
    const limit = count(field(`${prefix}limit`));
    const remaining = count(field(`${prefix}remaining`));
    if (limit === undefined && remaining === undefined) continue;
    const resetAt = resetTime(field(`${prefix}reset-after`), now) ?? resetTime(field(`${prefix}reset`), now);
    const name = field(`${prefix}resource`);
    return [
      {
        ...(name !== undefined && { name }),
        ...(limit !== undefined && { limit }),
        ...(remaining !== undefined && { remaining }),
        ...(resetAt !== undefined && { resetAt }),
      },
    ];
  }
  return [];
}

/** The first number: older versions of the draft have policies behind it. */
function count(value: string | undefined): number | undefined {
  const [, digits] = /^\s*(\d{1,15})\s*(?:[,;]|$)/.exec(value ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Nobody waits for thirty years, and nobody's clock shows 1973: what is larger than this is a date. */
const LARGEST_WAIT_SECONDS = 1e8;
const LARGEST_DATE_SECONDS = 1e11;

/** Seconds to wait, or a date in seconds (GitHub) or milliseconds since the epoch: their sizes tell them apart. */
function resetTime(value: string | undefined, now: number): number | undefined {
  const [, digits] = /^\s*(\d{1,15}(?:\.\d{1,6})?)\s*(?:[,;]|$)/.exec(value ?? "") ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  if (number > LARGEST_DATE_SECONDS) return number;
  return number > LARGEST_WAIT_SECONDS ? number * 1_000 : now + number * 1_000;
}
