import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatDay, formatDistance, formatMoment, formatSpan, readMoment, showMoment } from "../../src/text/moments.ts";

const now = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;
const day = 24 * hour;

describe("moments", () => {
  const distances: readonly (readonly [milliseconds: number, en: string, ar: string])[] = [
    [0, "in 0 seconds", "خلال 0 ثانية"],
    [-1_500, "1 second ago", "قبل ثانية واحدة"],
    [90_000, "in 90 seconds", "خلال 90 ثانية"],
    [-3 * 60_000, "3 minutes ago", "قبل 3 دقائق"],
    [36 * hour, "in 36 hours", "خلال 36 ساعة"],
    [-3 * day, "3 days ago", "قبل 3 أيام"],
    [45 * day, "in 45 days", "خلال 45 يومًا"],
    [90 * day, "in 2 months", "خلال شهرين"],
    [-800 * day, "2 years ago", "قبل سنتين"],
  ];
  for (const [milliseconds, en, ar] of distances) {
    test(`are ${en} from now`, () => {
      assert.equal(formatDistance(now + milliseconds, now, "en"), en);
      assert.equal(formatDistance(now + milliseconds, now, "ar"), ar);
    });
  }

  test("are written in universal time, wherever the reader is", () => {
    assert.equal(formatMoment(now, "en"), "November 22, 2026 at 12:00:00 PM UTC");
    assert.equal(formatDay(now, "en"), "Nov 22, 2026");
    assert.equal(formatSpan(7 * day, "en"), "7 days");
  });

  test("keep their language when another was written between", () => {
    const english = [formatMoment(now, "en"), formatDay(now, "en")];
    const arabic = [formatMoment(now, "ar"), formatDay(now, "ar")];
    assert.notDeepEqual(arabic, english);
    assert.deepEqual([formatMoment(now, "en"), formatDay(now, "en")], english);
    assert.deepEqual([formatMoment(now, "ar"), formatDay(now, "ar")], arabic);
  });

  test("are read from ISO 8601 and from nothing else", () => {
    assert.equal(readMoment("2026-11-22T12:00:00.000Z"), now);
    assert.equal(readMoment("+275760-09-13T00:00:00.000Z"), 8.64e15);
    for (const text of ["", "1", "2026", "22 November 2026", "2026-13-45T12:00:00Z", "<b>2026-11-22T12:00:00Z"]) {
      assert.equal(readMoment(text), undefined);
    }
  });

  test("are written whatever is read", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.date({ noInvalidDate: true }), (moment, at) => {
        const read = readMoment(moment.toISOString());
        assert.equal(read, moment.getTime());
        const shown = showMoment(read, at.getTime(), "ar");
        assert.ok(shown.at !== "" && shown.distance !== "");
      }),
      { numRuns: 50 },
    );
  });
});
