import { parseChallenges } from "@fairlead/http/authentication";
import { parseHttpDate } from "@fairlead/http/cache";

/** What a server that refused said of it. */
export interface TimestampRefusal {
  readonly status: number;
  /** Values of `WWW-Authenticate`. */
  readonly challenges: readonly string[];
  /** The value of `Date`. */
  readonly date: string | undefined;
}

/** Milliseconds: what is less than this is the time that messages take, and the second to which `Date` is cut. */
const LEAST_SKEW = 2_000;
/** Milliseconds beyond which a server that does not say why it refused may have done so for the time. */
const SUSPECT_SKEW = 60_000;

/**
 * How far a server's clock is ahead of ours, in milliseconds, where that may be why it refused; `undefined` where it is not.
 *
 * @param skew what was reckoned with already.
 */
export function learnSkew(refusal: TimestampRefusal, skew: number, now: number): number | undefined {
  if (refusal.status !== 401 || refusal.date === undefined) return undefined;
  const date = parseHttpDate(refusal.date, now);
  if (date === undefined) return undefined;
  const off = Math.abs(date - now - skew);
  const problem = problemOf(refusal.challenges);
  const isSuspect = problem === "timestamp_refused" ? off >= LEAST_SKEW : problem === undefined && off >= SUSPECT_SKEW;
  return isSuspect ? date - now : undefined;
}

/** What the Problem Reporting extension says; `undefined` where the server does not know it. */
function problemOf(challenges: readonly string[]): string | undefined {
  for (const { scheme, parameters } of parseChallenges(challenges)) {
    if (scheme === "oauth") return parameters.get("oauth_problem");
  }
  return undefined;
}
