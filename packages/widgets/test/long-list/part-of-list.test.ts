import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { partOfList } from "../../src/long-list/rules/part-of-list.ts";

describe("partOfList", () => {
  const parts: readonly (readonly [
    title: string,
    count: number,
    page: number | undefined,
    from: number,
    to: number,
  ])[] = [
    ["shows nothing of nothing", 0, undefined, 0, 0],
    ["shows a short list whole", 12, undefined, 0, 12],
    ["shows the first few of a long one", 13, undefined, 0, 10],
    ["shows all of what a page holds", 200, 0, 0, 200],
    ["shows the last page as far as it goes", 10_001, 50, 10_000, 10_001],
    ["goes no further than the last page", 500, 99, 400, 500],
    ["goes no further back than the first", 500, -1, 0, 200],
  ];
  for (const [title, count, page, from, to] of parts) {
    test(title, () => {
      const part = partOfList(count, page);
      assert.deepEqual([part.from, part.to], [from, to]);
      assert.equal(part.isWhole, count <= 12);
    });
  }
});
