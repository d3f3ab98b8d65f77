import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { moveByKey } from "../../../src/page/virtual-list/move-by-key.ts";
import { isAtEnd, scrollTopFor, visibleRows } from "../../../src/page/virtual-list/visible-rows.ts";

const looks = fc.record({
  count: fc.nat(100_000),
  rowHeight: fc.constantFrom(20, 36, 56),
  scrollTop: fc.integer({ min: -100, max: 6_000_000 }),
  viewHeight: fc.nat(3_000),
});

describe("the rows of a long list that are drawn", () => {
  test("are those that are seen, and a screenful and some at the most, wherever it is scrolled to", () => {
    fc.assert(
      fc.property(looks, (look) => {
        const { first, end } = visibleRows(look);
        const { count, rowHeight, viewHeight } = look;
        assert.ok(0 <= first && first <= end && end <= count);
        assert.ok(end - first <= viewHeight / rowHeight + 15);
        const most = Math.max(count * rowHeight - viewHeight, 0);
        const top = Math.min(Math.max(look.scrollTop, 0), most);
        if (top !== look.scrollTop) return;
        assert.ok(first <= Math.floor(top / rowHeight));
        assert.ok(end >= Math.min(Math.ceil((top + viewHeight) / rowHeight), count));
      }),
    );
  });

  test("are scrolled to by as little as it takes to see one wholly", () => {
    const look = { count: 100, rowHeight: 20, viewHeight: 100, scrollTop: 200 };
    assert.equal(scrollTopFor(10, look), 200);
    assert.equal(scrollTopFor(14, look), 200);
    assert.equal(scrollTopFor(15, look), 220);
    assert.equal(scrollTopFor(9, look), 180);
    assert.equal(scrollTopFor(-5, look), 0);
    assert.equal(scrollTopFor(1_000, look), 1_900);
  });

  test("are the last ones when the end is seen but for a sliver", () => {
    assert.equal(isAtEnd({ count: 100, rowHeight: 20, viewHeight: 100, scrollTop: 1_900 }), true);
    assert.equal(isAtEnd({ count: 100, rowHeight: 20, viewHeight: 100, scrollTop: 1_895 }), true);
    assert.equal(isAtEnd({ count: 100, rowHeight: 20, viewHeight: 100, scrollTop: 1_880 }), false);
    assert.equal(isAtEnd({ count: 0, rowHeight: 20, viewHeight: 100, scrollTop: 0 }), true);
  });
});

describe("the keyboard in a list", () => {
  test("goes up and down by rows and by pages, and to the ends", () => {
    const to = (key: string, active: number) => moveByKey(key, active, 50, 10);
    assert.deepEqual(to("ArrowDown", 3), { type: "to", row: 4 });
    assert.deepEqual(to("ArrowDown", -1), { type: "to", row: 0 });
    assert.deepEqual(to("ArrowDown", 49), { type: "to", row: 49 });
    assert.deepEqual(to("ArrowUp", 0), { type: "to", row: 0 });
    assert.deepEqual(to("ArrowUp", -1), { type: "to", row: 49 });
    assert.deepEqual(to("PageDown", 3), { type: "to", row: 12 });
    assert.deepEqual(to("PageUp", 3), { type: "to", row: 0 });
    assert.deepEqual(to("Home", 30), { type: "to", row: 0 });
    assert.deepEqual(to("End", 30), { type: "to", row: 49 });
    assert.deepEqual(to("Enter", 30), { type: "open" });
    assert.equal(to("Enter", -1), undefined);
    assert.equal(to("a", 3), undefined);
    assert.equal(moveByKey("ArrowDown", -1, 0, 10), undefined);
  });
});
