import {
  hintGapMilliseconds,
  nextCheckMilliseconds,
  noteFailure,
  type CheckHistory,
} from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const history: CheckHistory = {
  state: "local",
  sameInARow: 1,
  retryAfterMilliseconds: undefined,
  secondsRemaining: undefined,
};
const next = (given: Partial<CheckHistory>, random = 0): number | undefined =>
  nextCheckMilliseconds({ ...history, ...given }, random);
const inARow = (given: Partial<CheckHistory>): readonly (number | undefined)[] =>
  [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((sameInARow) => next({ ...given, sameInARow }));

describe("when it is checked again", () => {
  test("without a verdict: after waits that double, up to two minutes", () => {
    assert.deepEqual(inARow({}), [2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000, 120_000]);
  });
  test("at a portal: up to one minute", () => {
    assert.deepEqual(inARow({ state: "portal" }).slice(0, 6), [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });
  test("online and offline: not without a cause", () => {
    assert.deepEqual([next({ state: "online" }), next({ state: "offline" })], [undefined, undefined]);
  });
  test("RFC 8908 section 5: when the session ends, and again later where it does not", () => {
    const online = { state: "online", secondsRemaining: 3600 } as const;
    assert.equal(next(online), 3_600_000);
    assert.equal(next({ ...online, secondsRemaining: 1e12 }), 86_400_000);
    assert.deepEqual(inARow({ ...online, secondsRemaining: 0 }).slice(0, 3), [5000, 10_000, 20_000]);
  });
  test("not before Retry-After, which cannot ask for more than ten minutes", () => {
    assert.equal(next({ retryAfterMilliseconds: 30_000 }, 1), 30_000);
    assert.equal(next({ retryAfterMilliseconds: 1 }), 2000);
    assert.equal(next({ retryAfterMilliseconds: 1e15 }), 600_000);
  });
  test("a part of each wait is left to chance", () => {
    assert.deepEqual([next({}, 0.5), next({}, 1)], [1700, 1400]);
  });
  test("is always a time that a timer can take", () => {
    const any = fc.record<CheckHistory>({
      state: fc.constantFrom("offline", "local", "portal", "online"),
      sameInARow: fc.integer({ min: 1, max: 1e6 }),
      retryAfterMilliseconds: fc.option(fc.integer({ min: 0 }), { nil: undefined }),
      secondsRemaining: fc.option(fc.maxSafeInteger().map(Math.abs), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, noNaN: true }), (given, random) => {
        const wait = nextCheckMilliseconds(given, random) ?? 1400;
        assert.ok(wait >= 1400 && wait <= 86_400_000);
      }),
    );
  });
});

describe("hints", () => {
  test("have checks made five seconds apart, and rarer the less they find", () => {
    assert.deepEqual([0, 1, 6, 7, 2000].map(hintGapMilliseconds), [5000, 10_000, 320_000, 600_000, 600_000]);
  });
  test("of failures: three within ten seconds, and then three others", () => {
    let failures: readonly number[] = [];
    const bursts = [0, 1000, 11_500, 11_600, 11_700, 11_800, 11_900].map((at) => {
      const noted = noteFailure(failures, at);
      failures = noted.failures;
      return noted.isBurst;
    });
    assert.deepEqual(bursts, [false, false, false, false, true, false, false]);
  });
});
