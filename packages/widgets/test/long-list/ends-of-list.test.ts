import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { endsOfList } from "../../src/long-list/rules/ends-of-list.ts";

const counted = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe("endsOfList", () => {
  test("leaves a list whole that is no longer than what stays", () => {
    const list = counted(500);
    assert.deepEqual(endsOfList(list, 500), { first: list, between: 0, last: [] });
  });

  test("keeps as many of the beginning as of the end, and counts what is between", () => {
    const { first, between, last } = endsOfList(counted(10_000), 500);
    assert.deepEqual([first.length, first.at(-1), between, last.length, last[0]], [250, 249, 9_500, 250, 9_750]);
  });

  test("loses nothing and turns nothing round, whatever the length", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(10), (length, half) => {
        const list = counted(length);
        const { first, between, last } = endsOfList(list, half * 2);
        assert.ok(first.length + last.length <= Math.max(half * 2, 0));
        assert.equal(first.length + between + last.length, length);
        assert.deepEqual([...first, ...list.slice(first.length, first.length + between), ...last], list);
      }),
    );
  });
});
