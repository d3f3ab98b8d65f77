/** A moment in the words of a language, with how far it is away. */
export interface ShownMoment {
  /** `13 March 2027 at 10:15:00 UTC`. */
  readonly at: string;
  /** `in 3 days`, `3 days ago`. */
  readonly distance: string;
}

/**
 * Reads a moment that came as text.
 *
 * @param text ISO 8601.
 * @returns milliseconds since the epoch; `undefined` for what is no moment.
 */
export function readMoment(text: string): number | undefined {
  const milliseconds = /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.]{5,12}(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Writes a moment and its distance for a locale. */
export function showMoment(milliseconds: number, now: number, locale: string): ShownMoment {
  return { at: formatMoment(milliseconds, locale), distance: formatDistance(milliseconds, now, locale) };
}

/**
 * Writes day and time to the second, in coordinated universal time: what two people compare must not depend on where they
 * are.
 *
 * @param milliseconds since the epoch, within the range of `Date`.
 */
export function formatMoment(milliseconds: number, locale: string): string {
  return dateFormat(locale, "moment").format(milliseconds);
}

/** Writes the day, in coordinated universal time. */
export function formatDay(milliseconds: number, locale: string): string {
  return dateFormat(locale, "day").format(milliseconds);
}

/** Writes how far a moment is from `now`, in the largest unit of which there are two, or one at least: `13 days ago`. */
export function formatDistance(milliseconds: number, now: number, locale: string): string {
  const { count, unit } = distance(milliseconds - now);
  return new Intl.RelativeTimeFormat(locale, { numeric: "always" }).format(count, unit);
}

/** Writes how long something takes or holds, rounded down to one unit: `30 days`. */
export function formatSpan(milliseconds: number, locale: string): string {
  const { count, unit } = distance(milliseconds);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(Math.abs(count));
}

interface Distance {
  /** Whole units, negative for what is past. */
  readonly count: number;
  readonly unit: "second" | "minute" | "hour" | "day" | "month" | "year";
}

/** Nobody counts in a unit of which there is but one and a half: 36 hours, 45 days and 18 months stay what they are. */
function distance(milliseconds: number): Distance {
  const size = Math.abs(milliseconds);
  for (const [unit, length] of units) {
    if (size >= 2 * length) return { count: Math.trunc(milliseconds / length), unit };
  }
  return { count: Math.trunc(milliseconds / second), unit: "second" };
}

const second = 1_000;
const day = 86_400 * second;
const units: readonly (readonly [unit: Distance["unit"], milliseconds: number])[] = [
  ["year", 365.2425 * day],
  ["month", 30.436_875 * day],
  ["day", day],
  ["hour", 3_600 * second],
  ["minute", 60 * second],
];

const dateStyles = {
  moment: { dateStyle: "long", timeStyle: "long" },
  day: { dateStyle: "medium" },
} as const;

/** Making a format takes a hundred times as long as using it. There are two for each language of the page. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, style: keyof typeof dateStyles): Intl.DateTimeFormat {
  const key = `${locale} ${style}`;
  const known = dateFormats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, { calendar: "gregory", timeZone: "UTC", ...dateStyles[style] });
  dateFormats.set(key, made);
  return made;
}
