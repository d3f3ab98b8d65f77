/** A remaining time as a person says it: no more exact than it can be known. */
export type SpokenRemaining =
  | { readonly type: "moments" }
  | { readonly type: "about"; readonly count: number; readonly unit: "second" | "minute" | "hour" | "day" };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Rounds up, in steps that grow with the time: who waits is rather surprised by an early end. */
export function spokenRemaining(milliseconds: number): SpokenRemaining {
  if (milliseconds <= 5 * SECOND) return { type: "moments" };
  if (milliseconds <= 50 * SECOND) return about(milliseconds, 10 * SECOND, SECOND, "second");
  if (milliseconds <= 10 * MINUTE) return about(milliseconds, MINUTE, MINUTE, "minute");
  if (milliseconds <= 55 * MINUTE) return about(milliseconds, 5 * MINUTE, MINUTE, "minute");
  if (milliseconds <= 23 * HOUR) return about(milliseconds, HOUR, HOUR, "hour");
  return about(milliseconds, DAY, DAY, "day");
}

function about(
  milliseconds: number,
  step: number,
  unitMilliseconds: number,
  unit: "second" | "minute" | "hour" | "day",
): SpokenRemaining {
  return { type: "about", count: (Math.ceil(milliseconds / step) * step) / unitMilliseconds, unit };
}
