/** When what was lost is opened again, and how often. Durations in milliseconds. */
export interface ReconnectPolicy {
  /** Attempts in a row that may fail; past them it stays lost. Without end by default. */
  readonly attempts: number;
  /** The least that is waited before the first attempt; 1,000 by default. With each that fails it doubles. */
  readonly delayMilliseconds: number;
  /** What the doubling ends at; 60,000 by default. */
  readonly delayLimitMilliseconds: number;
}

/** What holds where nothing else is said. */
export const DEFAULT_RECONNECT_POLICY: ReconnectPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  delayMilliseconds: 1_000,
  delayLimitMilliseconds: 60_000,
};

/** The longest duration that a timer takes: 24.8 days. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Tells how long to wait before the next attempt, up to half as much again as the policy says, so that clients which lost a
 * server together do not come back together; `undefined` when there is none.
 *
 * @param failures attempts that have failed since it was open last.
 * @param random from 0 to 1.
 */
export function reconnectAfter(policy: ReconnectPolicy, failures: number, random: number): number | undefined {
  if (failures >= policy.attempts) return undefined;
  // Who wants no wait at all gets one that doubles, too.
  const delay = Math.max(1, policy.delayMilliseconds);
  const limit = Math.max(delay, policy.delayLimitMilliseconds);
  return Math.min(LONGEST_MILLISECONDS, Math.min(limit, delay * 2 ** failures) * (1 + random / 2));
}

/** The least that a server can ask for by itself. Firefox has the same. */
const SHORTEST_ASKED_MILLISECONDS = 500;

/**
 * The delay where a server names one, as an event stream does by `retry`: a server that says 0 must not have its clients,
 * or those of whom it redirects to, ask without a pause. Less than half a second is for a policy to allow.
 *
 * @see WHATWG HTML section 9.2.6
 */
export function askedDelay(askedMilliseconds: number, { delayMilliseconds }: ReconnectPolicy): number {
  return Math.max(askedMilliseconds, Math.min(delayMilliseconds, SHORTEST_ASKED_MILLISECONDS));
}

/** Names the first member of a policy that cannot be; `undefined` for a sound one. */
export function reconnectPolicyFault(policy: ReconnectPolicy): keyof ReconnectPolicy | undefined {
  const { attempts } = policy;
  if (attempts !== Number.POSITIVE_INFINITY && !(Number.isInteger(attempts) && attempts >= 1)) return "attempts";
  const durations = ["delayMilliseconds", "delayLimitMilliseconds"] as const;
  return durations.find((name) => !(policy[name] >= 0 && policy[name] <= LONGEST_MILLISECONDS));
}
