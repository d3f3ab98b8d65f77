/**
 * Parses the date of an `Expires` attribute, in any of the spellings that servers have used: whatever order the
 * tokens stand in, the first that looks like a time, a day, a month or a year is taken for it.
 *
 * @returns milliseconds since the epoch; `undefined` when it is not a date.
 * @see 6265bis section 5.1.1
 */
export function parseCookieDate(text: string): number | undefined {
  const found = findFields(text);
  if (found === undefined) return undefined;
  const { day, month, hour, minute, second } = found;
  const year = fullYear(found.year);
  if (year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  const milliseconds = Date.UTC(year, month, day, hour, minute, second);
  // A day that the month does not have (0, 32, the 30th of February) has spilled over into another.
  return new Date(milliseconds).getUTCDate() === day ? milliseconds : undefined;
}

interface DateFields {
  readonly day: number;
  /** 0 to 11. */
  readonly month: number;
  readonly year: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const delimiters = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;
const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/;
const dayOfMonth = /^(\d{1,2})(?!\d)/;
const year = /^(\d{2,4})(?!\d)/;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Steps 1 and 2. Each token serves once, for the first field that is still open and that it fits. */
function findFields(text: string): DateFields | undefined {
  let timeFound: RegExpExecArray | null = null;
  let dayFound: RegExpExecArray | null = null;
  let monthFound = -1;
  let yearFound: RegExpExecArray | null = null;
  for (const token of text.split(delimiters)) {
    const asTime: RegExpExecArray | null = timeFound === null ? time.exec(token) : null;
    const asDay: RegExpExecArray | null = dayFound === null ? dayOfMonth.exec(token) : null;
    const asMonth = monthFound === -1 ? months.indexOf(token.slice(0, 3).toLowerCase()) : -1;
    if (asTime !== null) timeFound = asTime;
    else if (asDay !== null) dayFound = asDay;
    else if (asMonth !== -1) monthFound = asMonth;
    else yearFound ??= year.exec(token);
  }
  if (timeFound === null || dayFound === null || monthFound === -1 || yearFound === null) return undefined;
  return {
    day: Number(dayFound[1]),
    month: monthFound,
    year: Number(yearFound[1]),
    hour: Number(timeFound[1]),
    minute: Number(timeFound[2]),
    second: Number(timeFound[3]),
  };
}

/** Steps 3 and 4. */
function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}
