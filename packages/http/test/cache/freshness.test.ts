import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { currentAge, formatHttpDate, freshnessLifetime } from "../../src/cache/index.ts";
import { answering, then } from "./heads.ts";

const day = 86_400;
const at = (seconds: number): string => formatHttpDate(then + seconds * 1_000);

describe("the freshness lifetime (RFC 9111 section 4.2.1)", () => {
  for (const [type, lines, seconds] of [
    ["private", ["Cache-Control: max-age=60"], 60],
    ["private", ["Cache-Control: max-age=60, s-maxage=9"], 60],
    ["shared", ["Cache-Control: max-age=60, s-maxage=9"], 9],
    ["private", [`Expires: ${at(60)}`], 60],
    ["private", [`Expires: ${at(60)}`, "Cache-Control: max-age=5"], 5],
    ["private", [`Date: ${at(-100)}`, `Expires: ${at(60)}`], 160],
    ["private", [`Expires: ${at(-60)}`], 0],
    ["private", ["Expires: 0"], 0],
    ["private", [`Expires: ${at(60)}`, `Expires: ${at(90)}`], 0],
    ["private", ["Cache-Control: max-age=oops", `Expires: ${at(60)}`], 0],
  ] as const) {
    test(`of ${lines.join(" | ")} is ${String(seconds)} s in a ${type} cache`, () => {
      assert.equal(freshnessLifetime(answering(200, ...lines), type), seconds);
    });
  }

  for (const [status, lines, seconds] of [
    [200, [`Last-Modified: ${at(-10 * day)}`], day],
    [200, [`Last-Modified: ${at(-1000 * day)}`], 7 * day],
    [200, [`Last-Modified: ${at(1 * day)}`], 0],
    [200, [], 0],
    [404, [`Last-Modified: ${at(-10 * day)}`], day],
    [302, [`Last-Modified: ${at(-10 * day)}`], 0],
    [302, [`Last-Modified: ${at(-10 * day)}`, "Cache-Control: public"], day],
    [301, [], 7 * day],
    [308, [], 7 * day],
    [301, ["Cache-Control: max-age=1"], 1],
  ] as const) {
    test(`is guessed for ${String(status)} with ${lines.join(" | ") || "nothing"}: ${String(seconds)} s`, () => {
      assert.equal(freshnessLifetime(answering(status, ...lines), "private"), seconds);
    });
  }
});

describe("the current age (RFC 9111 section 4.2.3)", () => {
  for (const [lines, delay, resident, seconds] of [
    [[], 0, 10, 10],
    [["Age: 5"], 0, 10, 15],
    [["Age: 5"], 2, 10, 17],
    [[`Date: ${at(-30)}`], 0, 10, 40],
    [[`Date: ${at(-30)}`, "Age: 50"], 0, 10, 60],
    [[`Date: ${at(30)}`], 0, 10, 10],
    [["Date: no date"], 0, 10, 10],
    // Not as RFC 9111 section 5.1 says: what cannot be told counts as old, which http-cache-tests want, too.
    [["Age: 7, 9"], 0, 0, 2 ** 31],
    [["Age: -7"], 0, 0, 2 ** 31],
    [["Age: 7.5"], 0, 0, 2 ** 31],
    [["Age: 99999999999"], 0, 0, 2 ** 31],
  ] as const) {
    test(`of ${lines.join(" | ") || "nothing"} that took ${String(delay)} s, ${String(resident)} s later`, () => {
      const response = { ...answering(200, ...lines), requestTime: then - delay * 1_000 };
      assert.equal(currentAge(response, then + resident * 1_000), seconds);
    });
  }

  test("does not fall when the clock is put back", () => {
    assert.equal(currentAge(answering(200, "Age: 5"), then - 1e9), 5);
  });
});
