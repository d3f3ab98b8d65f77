/**
 * Quantities as text, in the way of a language. What is not a finite number, or is below zero, is written as zero. All keep
 * their number of decimals while they grow within a unit, so that with `font-variant-numeric: tabular-nums` nothing jumps.
 *
 * Bytes are counted in thousands (kB, MB, GB), as macOS, GNOME, KDE, browsers' networks and every vendor of disks and lines
 * count them; IEC's 1,024 would need its own names (KiB), which no language's data has.
 */

/** `512 bytes`, `12 kB`, `3.4 MB`, `1.25 GB`. */
export function formatBytes(bytes: number, locale: string): string {
  return formatScaled(countable(bytes), byteUnits, locale);
}

/** `0.5 kB/s`, `12.0 kB/s`, `3.4 MB/s`. @param bytesPerSecond bytes in one second. */
export function formatRate(bytesPerSecond: number, locale: string): string {
  return formatScaled(countable(bytesPerSecond), rateUnits, locale);
}

/** `37%`: whole and rounded down, so that 100 % is said of what is complete alone. @param fraction 0 to 1. */
export function formatPercent(fraction: number, locale: string): string {
  const whole = Math.floor(Math.min(countable(fraction), 1) * 100 + ROUNDING) / 100;
  return formats.number(locale, { style: "percent", maximumFractionDigits: 0 }).format(whole);
}

/** `12,345`. */
export function formatCount(count: number, locale: string): string {
  return formats.number(locale, { maximumFractionDigits: 0 }).format(countable(count));
}

/** How long the names of units are: `s`, or `seconds` for a sentence that is read out. */
export type DurationStyle = "narrow" | "long";

/** What has been measured: `0.4ms`, `120ms`, `1.25s`, `2m 5s`, `3h 20m`, `2d 4h`. */
export function formatDuration(milliseconds: number, locale: string, style: DurationStyle = "narrow"): string {
  const duration = countable(milliseconds);
  if (duration < 9.95) return formatUnit(duration, "millisecond", duration === 0 ? 0 : 1, locale, style);
  if (duration < 999.5) return formatUnit(duration, "millisecond", 0, locale, style);
  if (duration < 59_995) return formatUnit(duration / 1_000, "second", 2, locale, style);
  const seconds = Math.round(duration / 1_000);
  if (seconds < HOUR) return formatPair(seconds, MINUTE, "minute", 1, "second", locale, style);
  if (seconds < DAY) return formatPair(seconds, HOUR, "hour", MINUTE, "minute", locale, style);
  return formatPair(seconds, DAY, "day", HOUR, "hour", locale, style);
}

/** Units that durations are written in. */
export type DurationUnit = "millisecond" | "second" | "minute" | "hour" | "day";

/** A whole number of one unit: `3 min`, `40 sec`. */
export function formatUnits(
  count: number,
  unit: DurationUnit,
  locale: string,
  style: "short" | "long" = "short",
): string {
  return formatUnit(countable(count), unit, 0, locale, style);
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** 0.29 times 100 is 28.999999999999996: what is nearer to a whole number than this is meant to be whole. */
const ROUNDING = 1e-9;

interface ScaledUnit {
  readonly unit: string;
  /** Bytes in one. */
  readonly size: number;
  readonly decimals: number;
  readonly display: "short" | "long";
}

const byteUnits: readonly ScaledUnit[] = [
  { unit: "byte", size: 1, decimals: 0, display: "long" },
  { unit: "kilobyte", size: 1e3, decimals: 0, display: "short" },
  { unit: "megabyte", size: 1e6, decimals: 1, display: "short" },
  { unit: "gigabyte", size: 1e9, decimals: 2, display: "short" },
  { unit: "terabyte", size: 1e12, decimals: 2, display: "short" },
  { unit: "petabyte", size: 1e15, decimals: 2, display: "short" },
];

const rateUnits: readonly ScaledUnit[] = byteUnits
  .slice(1)
  .map(({ unit, size }) => ({ unit: `${unit}-per-second`, size, decimals: 1, display: "short" }));

function formatScaled(amount: number, units: readonly ScaledUnit[], locale: string): string {
  // 999,600 is not "1000 kB": the first unit that stays below a thousand when it is rounded.
  const scale = units.find(({ size, decimals }) => Number((amount / size).toFixed(decimals)) < 1_000) ?? units.at(-1);
  if (scale === undefined) return "";
  return formatUnit(amount / scale.size, scale.unit, scale.decimals, locale, scale.display);
}

function formatPair(
  seconds: number,
  large: number,
  largeUnit: DurationUnit,
  small: number,
  smallUnit: DurationUnit,
  locale: string,
  style: DurationStyle,
): string {
  const smalls = Math.round(seconds / small);
  const perLarge = large / small;
  const parts = [formatUnit(Math.floor(smalls / perLarge), largeUnit, 0, locale, style)];
  if (smalls % perLarge > 0) parts.push(formatUnit(smalls % perLarge, smallUnit, 0, locale, style));
  return formats.list(locale, style).format(parts);
}

function formatUnit(
  amount: number,
  unit: string,
  decimals: number,
  locale: string,
  unitDisplay: "short" | "long" | "narrow",
): string {
  return formats
    .number(locale, {
      style: "unit",
      unit,
      unitDisplay,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
    .format(amount);
}

function countable(amount: number): number {
  return Number.isFinite(amount) && amount > 0 ? amount : 0;
}

/**
 * The formats of a program, kept since making one takes a hundred times as long as using it. Which are there decides how
 * long a call takes and never what it gives; there are as many as languages of the page and units.
 */
class KeptFormats {
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #lists = new Map<string, Intl.ListFormat>();

  number(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const { style = "", unit = "", unitDisplay = "", maximumFractionDigits = "" } = options;
    const key = `${locale} ${style} ${unit} ${unitDisplay} ${maximumFractionDigits}`;
    const format = this.#numbers.get(key) ?? new Intl.NumberFormat(locale, options);
    this.#numbers.set(key, format);
    return format;
  }

  list(locale: string, style: DurationStyle): Intl.ListFormat {
    const key = `${locale} ${style}`;
    const format = this.#lists.get(key) ?? new Intl.ListFormat(locale, { type: "unit", style });
    this.#lists.set(key, format);
    return format;
  }
}

const formats = new KeptFormats();
