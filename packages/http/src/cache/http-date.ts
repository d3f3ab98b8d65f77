/**
 * Parses an HTTP-date in any of its three formats.
 *
 * @param now milliseconds since the epoch: a year of two digits means the last one that is not more than 50 years ahead.
 * @returns milliseconds since the epoch; `undefined` when it is not a date.
 * @see RFC 9110 section 5.6.7
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const found = imfFixdate.exec(text) ?? rfc850Date.exec(text) ?? asctimeDate.exec(text);
  const { day = "", month = "", year = "", hour = "", minute = "", second = "" } = found?.groups ?? {};
  const monthIndex = months.indexOf(month);
  if (monthIndex === -1) return undefined;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const milliseconds = Date.UTC(
    year.length === 2 ? fullYear(Number(year), now) : Number(year),
    monthIndex,
    Number(day),
    hours,
    minutes,
    seconds,
  );
  // A day that the month does not have has spilled over into the next.
  return seconds < 60 && new Date(milliseconds).getUTCDate() !== Number(day) ? undefined : milliseconds;
}

/** Formats a time as an IMF-fixdate. */
export function formatHttpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const imfFixdate = new RegExp(
  String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>[1-9]\d{3}) ${clock} GMT$`,
);
const rfc850Date = new RegExp(
  String.raw`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) ${clock} GMT$`,
);
const asctimeDate = new RegExp(
  String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${clock} (?<year>[1-9]\d{3})$`,
);
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function fullYear(digits: number, now: number): number {
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + digits;
  return year > current + 50 ? year - 100 : year;
}
