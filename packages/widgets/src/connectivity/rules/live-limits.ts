import type { SessionLimits, ShownConnectivity } from "../shown-connectivity.ts";

/** Leaves of the limits of a session those that hold now, of a network that lets somebody out; `undefined` for none. */
export function liveLimits(
  limits: SessionLimits | undefined,
  state: ShownConnectivity,
  now: number,
): SessionLimits | undefined {
  if (limits === undefined || state !== "online") return undefined;
  const endsAt = isSayable(limits.endsAt) && limits.endsAt > now ? limits.endsAt : undefined;
  const bytesRemaining = isSayable(limits.bytesRemaining) ? Math.max(limits.bytesRemaining, 0) : undefined;
  return endsAt === undefined && bytesRemaining === undefined ? undefined : { endsAt, bytesRemaining };
}

/** A moment that `Date` can say, or a count. */
function isSayable(value: number | undefined): value is number {
  return value !== undefined && Math.abs(value) <= LATEST;
}

const LATEST = 8.64e15;
