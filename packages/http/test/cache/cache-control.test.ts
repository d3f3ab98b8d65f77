import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cacheControl } from "../../src/cache/index.ts";
import { fields } from "./heads.ts";

const read = (...values: readonly string[]) => cacheControl(fields(...values.map((each) => `Cache-Control: ${each}`)));

describe("Cache-Control (RFC 9111 section 5.2)", () => {
  for (const [value, seconds] of [
    ["max-age=60", 60],
    ["MAX-AGE=60", 60],
    ["no-transform, max-age=60", 60],
    ["no-transform,max-age=60,,private", 60],
    ['max-age="60"', 60],
    ["max-age=99999999999999999999", 2 ** 31],
    ["max-age=1, max-age=60", 1],
    // No delta-seconds: stale, rather than fresh for who knows how long.
    ["max-age=-1", 0],
    ["max-age=1.5", 0],
    ["max-age=60s", 0],
    ["max-age=", 0],
    ["max-age", 0],
    ["x-max-age=60", undefined],
    ["max-age 60", undefined],
    ["max-age =60", undefined],
    ['foo="max-age=60"', undefined],
    ['foo="a, max-age=60"', undefined],
  ] as const) {
    test(`${value} says ${String(seconds)} seconds`, () => {
      assert.equal(read(value).seconds("max-age"), seconds);
    });
  }

  test("is read from all of its lines", () => {
    const control = read("no-store", 'private="x-a, x-b"');
    assert.deepEqual(
      [control.has("no-store"), control.has("private"), control.argument("private"), control.has("public")],
      [true, true, "x-a, x-b", false],
    );
  });

  test("is read from whatever arrives, in time that grows with its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (value) => {
        const seconds = read(value).seconds("max-age") ?? 0;
        assert.ok(Number.isInteger(seconds) && seconds >= 0 && seconds <= 2 ** 31);
      }),
    );
    read(`a="${'\\"'.repeat(50_000)}`);
    read("a=,".repeat(50_000));
    read(" \t".repeat(50_000));
  });
});
