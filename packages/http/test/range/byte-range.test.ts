import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { coversRange, joinRanges, parseContentRange, parseRange } from "../../src/range/index.ts";

describe("Content-Range (RFC 9110 section 14.4)", () => {
  for (const [value, expected] of [
    ["bytes 0-4/10", { first: 0, last: 4, completeLength: 10 }],
    ["bytes 0-4/*", { first: 0, last: 4, completeLength: undefined }],
    ["bytes 4-0/10", undefined],
    ["bytes 0-10/10", undefined],
    ["bytes */10", undefined],
    ["items 0-4/10", undefined],
    ["bytes 0-99999999999999999999/*", undefined],
    [undefined, undefined],
  ] as const) {
    test(`${String(value)} is ${expected ? "a part" : "none"}`, () => {
      assert.deepEqual(parseContentRange(value), expected);
    });
  }
});

describe("Range (RFC 9110 section 14.2)", () => {
  for (const [value, expected] of [
    ["bytes=0-4", "0-4"],
    ["bytes=2-", "2-9"],
    ["bytes=2-99", "2-9"],
    ["bytes=-3", "7-9"],
    ["bytes=-99", "0-9"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=10-", "unsatisfiable"],
    ["bytes=4-2", "whole"],
    ["bytes=-", "whole"],
    ["bytes=0-1,3-4", "whole"],
    ["lines=0-1", "whole"],
    [undefined, "whole"],
  ] as const) {
    test(`${String(value)} of ten bytes is ${expected}`, () => {
      const asked = parseRange(value, 10);
      const text = asked.type === "part" ? `${String(asked.range.first)}-${String(asked.range.last)}` : asked.type;
      assert.equal(text, expected);
    });
  }
});

test("ranges that are joined hold the same bytes, apart from each other and in order", () => {
  const range = fc.tuple(fc.nat(30), fc.nat(10)).map(([first, length]) => ({ first, last: first + length }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), range, (ranges, wanted) => {
      const bytes = new Set(
        ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
      );
      const joined = joinRanges(ranges);
      const count = joined.reduce((sum, { first, last }) => sum + last - first + 1, 0);
      assert.equal(count, bytes.size);
      joined.slice(1).forEach(({ first }, index) => assert.ok(first > (joined[index]?.last ?? first) + 1));
      const all = Array.from({ length: wanted.last - wanted.first + 1 }, (_, at) => wanted.first + at);
      assert.equal(
        coversRange(ranges, wanted),
        all.every((byte) => bytes.has(byte)),
      );
    }),
  );
});
