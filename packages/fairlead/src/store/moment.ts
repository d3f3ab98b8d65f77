import { ArgumentsError } from "../arguments.ts";

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const isoDate = /^\d{4}-\d\d-\d\d$/;
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads a moment in the past: an age (`90s`, `30m`, `2h`, `3d`, `1w`) or an ISO date, which means local time unless it says
 * otherwise.
 *
 * @returns milliseconds since the epoch.
 * @throws ArgumentsError
 */
export function parseMoment(option: string, text: string, now: number): number {
  const [, amount, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * (units[unit] ?? 0);
  // JavaScript reads a date alone as UTC, and one with a time as local.
  const written = isoDate.test(text) ? `${text}T00:00` : text;
  const moment = isoTime.test(written) && isDay(text) ? Date.parse(written) : NaN;
  if (Number.isNaN(moment)) {
    throw new ArgumentsError(
      `${option} takes an age such as 2h or 3d, or a date such as 2026-11-21 or 2026-11-21T08:00`,
    );
  }
  if (moment > now) throw new ArgumentsError(`${option} takes a time in the past, not ${JSON.stringify(text)}`);
  return moment;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const date = text.slice(0, 10);
  const moment = new Date(`${date}T00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date);
}
