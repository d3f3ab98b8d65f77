import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatHttpDate, parseHttpDate } from "../../src/cache/index.ts";

const now = Date.UTC(2026, 10, 21);

describe("an HTTP-date (RFC 9110 section 5.6.7)", () => {
  for (const [text, expected] of [
    ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
    ["Thursday, 06-Nov-76 08:49:37 GMT", "2076-11-06T08:49:37.000Z"],
    ["Friday, 06-Nov-77 08:49:37 GMT", "1977-11-06T08:49:37.000Z"],
    ["Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00.000Z"],
  ] as const) {
    test(`is read from ${text}`, () => {
      assert.equal(new Date(parseHttpDate(text, now) ?? Number.NaN).toISOString(), expected);
    });
  }

  for (const text of [
    "",
    "0",
    "-1",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 EST",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 30 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 0094 08:49:37 GMT",
    "sun, 06 nov 1994 08:49:37 gmt",
    "Sun, 06 Nov 1994 08:49:37 GMT ",
    "Sunday, 06 Nov 1994 08:49:37 GMT",
  ]) {
    test(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(parseHttpDate(text, now), undefined);
    });
  }

  test("that was formatted is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000) / 1000, max: Date.UTC(9999) / 1000 }), (seconds) => {
        assert.equal(parseHttpDate(formatHttpDate(seconds * 1000), now), seconds * 1000);
      }),
    );
  });
});
