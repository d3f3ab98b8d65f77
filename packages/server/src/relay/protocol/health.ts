/** When a server that fails is left out. */
export interface HealthPolicy {
  /** Failures in a row before it is left out. */
  readonly failures: number;
  /** How long; then one request tries it. */
  readonly leaveOutMilliseconds: number;
}

/** What is known of a server by what became of its requests. */
export interface Health {
  readonly failuresInARow: number;
  /** When it may be tried again; 0 when it is well. */
  readonly leftOutUntil: number;
}

/** Nothing bad is known. */
export const WELL: Health = { failuresInARow: 0, leftOutUntil: 0 };

/** What a failure makes of it. One that failed when it was tried again is left out again at once. */
export function afterFailure(health: Health, policy: HealthPolicy, now: number): Health {
  const failuresInARow = health.failuresInARow + 1;
  const leftOutUntil = failuresInARow < policy.failures ? 0 : now + policy.leaveOutMilliseconds;
  return { failuresInARow, leftOutUntil };
}

/** One request tries it now: until it is known what becomes of that one, others do not. */
export function afterTrial(health: Health, policy: HealthPolicy, now: number): Health {
  return health.leftOutUntil === 0 ? health : { ...health, leftOutUntil: now + policy.leaveOutMilliseconds };
}

/** A server as it can be chosen. */
export interface Candidate {
  readonly health: Health;
  /** Requests under way on it. */
  readonly active: number;
}

/**
 * Chooses among servers that do the same: of those that are not left out the one with the fewest requests under way, and
 * in turn among equals. Where all are left out, the one whose time is over first: it is better than none.
 *
 * @param turn counts requests.
 * @returns its index; `undefined` without any.
 */
export function chooseServer(candidates: readonly Candidate[], turn: number, now: number): number | undefined {
  let best: number | undefined;
  for (let step = 0; step < candidates.length; step += 1) {
    const index = (turn + step) % candidates.length;
    if (best === undefined || isBetter(candidates[index], candidates[best], now)) best = index;
  }
  return best;
}

function isBetter(one: Candidate | undefined, other: Candidate | undefined, now: number): boolean {
  if (one === undefined || other === undefined) return false;
  const oneOut = one.health.leftOutUntil > now;
  const otherOut = other.health.leftOutUntil > now;
  if (oneOut !== otherOut) return otherOut;
  return oneOut ? one.health.leftOutUntil < other.health.leftOutUntil : one.active < other.active;
}
