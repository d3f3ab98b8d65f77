import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseCookieDate } from "../../src/cookies/index.ts";

const newYear = Date.UTC(2030, 0, 2, 3, 4, 5);

const accepted: readonly [string, number, string][] = [
  ["Wed, 02 Jan 2030 03:04:05 GMT", newYear, "IMF-fixdate"],
  ["Wednesday, 02-Jan-30 03:04:05 GMT", newYear, "RFC 850"],
  ["Wed Jan  2 03:04:05 2030", newYear, "asctime"],
  ["2 JANUARY 2030 3:4:5", newYear, "short fields, a long month in capitals"],
  ["03:04:05 2030 2 jan", newYear, "any order"],
  ["2030 03:04:05 Jan 2", newYear, "the year before the day, told apart by its length"],
  ["02-Jan-2030 03:04:05 PST", newYear, "a zone, which does not count"],
  ["2nd Jan 2030 03:04:05Z", newYear, "letters after day and time"],
  ["2 Jan 2030 03:04:05:06", newYear, "a colon after the seconds, which is no digit"],
  ["2 Jan 2030 03:04:05.678", newYear, "a fraction, which is a token by itself"],
  ["2/Jan/2030;03:04:05", newYear, "every delimiter"],
  ["2 Jan 2030 03:04:05 9 Feb 2031 06:07:08", newYear, "first fields count"],
  ["2 Jan 99 03:04:05", Date.UTC(1999, 0, 2, 3, 4, 5), "step 3: 70 to 99 are of the last century"],
  ["2 Jan 70 03:04:05", Date.UTC(1970, 0, 2, 3, 4, 5), "step 3: 70"],
  ["2 Jan 69 03:04:05", Date.UTC(2069, 0, 2, 3, 4, 5), "step 4: 0 to 69 are of this century"],
  ["2 Jan 030 03:04:05", newYear, "a year of three digits, by its value"],
  ["1 Jan 1601 00:00:00", Date.UTC(1601, 0, 1), "step 5: the first year"],
  ["31 Dec 9999 23:59:59", Date.UTC(9999, 11, 31, 23, 59, 59), "the last second"],
  ["29 Feb 2028 00:00:00", Date.UTC(2028, 1, 29), "step 6: a leap day"],
];

const refused: readonly [string, string][] = [
  ["", "nothing"],
  ["garbage", "no field"],
  ["2 Jan 2030", "no time"],
  ["Jan 2030 03:04:05", "no day"],
  ["2 2030 03:04:05", "no month"],
  ["2 Jan 03:04:05", "no year"],
  ["2 Jan 2030 03:04", "a time without seconds"],
  ["2 Jan 2030 003:04:05", "a time field of three digits"],
  ["2 Jan 2030 03:04:005", "seconds of three digits"],
  ["002 Jan 2030 03:04:05", "a day of three digits, which is a year"],
  ["2 Jan 20300 03:04:05", "a year of five digits"],
  ["2 Janvier0 03:04:05", "no year, though a month with more letters"],
  ["0 Jan 2030 03:04:05", "step 5: day 0"],
  ["32 Jan 2030 03:04:05", "step 5: day 32"],
  ["2 Jan 1600 03:04:05", "step 5: before 1601"],
  ["2 Jan 2030 24:00:00", "step 5: hour 24"],
  ["2 Jan 2030 00:60:00", "step 5: minute 60"],
  ["31 Dec 2030 23:59:60", "step 5: a leap second"],
  ["2 Jan 2030 12:00:60", "step 5: second 60, within a day"],
  ["29 Feb 2030 00:00:00", "step 6: no leap year"],
  ["31 Apr 2030 00:00:00", "step 6: a day that the month has not"],
];

describe("parseCookieDate (6265bis 5.1.1)", () => {
  for (const [text, expected, what] of accepted) {
    it(`reads ${JSON.stringify(text)}: ${what}`, () => {
      assert.equal(parseCookieDate(text), expected);
    });
  }
  for (const [text, what] of refused) {
    it(`refuses ${JSON.stringify(text)}: ${what}`, () => {
      assert.equal(parseCookieDate(text), undefined);
    });
  }

  it("reads every date that JavaScript writes, to the second", () => {
    const date = fc.date({
      min: new Date(Date.UTC(1601, 0, 1)),
      max: new Date(Date.UTC(9999, 11, 31)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (date) => {
        assert.equal(parseCookieDate(date.toUTCString()), Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  it("returns a whole second from 1601 to 9999 or nothing, whatever arrives", () => {
    const token = fc.oneof(
      fc.string(),
      fc.constantFrom("1", "31", "99", "1600", "2030", "jan", "Feb", "23:59:59", "1:2:3", " ", "-", "\u00e9"),
    );
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        const parsed = parseCookieDate(tokens.join(" "));
        if (parsed === undefined) return;
        assert.ok(parsed % 1000 === 0 && parsed >= Date.UTC(1601, 0, 1) && parsed < Date.UTC(10_000, 0, 1));
      }),
      { numRuns: 500 },
    );
  });
});
