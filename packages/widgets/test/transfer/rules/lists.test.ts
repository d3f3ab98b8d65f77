import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrangeTransfers } from "../../../src/transfer/rules/arrange.ts";
import { shownFileName } from "../../../src/transfer/rules/shown-file-name.ts";
import { sumTransfers } from "../../../src/transfer/rules/totals.ts";
import { transferFacts } from "./transfer-facts-of.ts";

describe("a list of transfers", () => {
  test("stands in groups, what is under way first, and the latest first in each", () => {
    const arranged = arrangeTransfers([
      transferFacts({ id: "done", state: "done", startedAt: 9 }),
      transferFacts({ id: "old", startedAt: 1 }),
      transferFacts({ id: "failed", state: "failed" }),
      transferFacts({ id: "new", state: "verifying", startedAt: 2 }),
      transferFacts({ id: "cancelled", state: "cancelled", startedAt: 9 }),
    ]);
    assert.deepEqual(
      arranged.map(({ group, transfers }) => [group, transfers.map(({ id }) => id)]),
      [
        ["under-way", ["new", "old"]],
        ["failed", ["failed"]],
        ["ended", ["cancelled", "done"]],
      ],
    );
  });

  test("adds up what is under way, whatever begins and ends meanwhile", () => {
    const one = (transferredBytes: number) => transferFacts({ id: "1", transferredBytes, totalBytes: 100_000 });
    const two = (transferredBytes: number) => transferFacts({ id: "2", transferredBytes, totalBytes: 100_000 });
    let totals = sumTransfers(undefined, [one(0)], 0);
    totals = sumTransfers(totals, [one(2_000), two(50_000)], 2_000);
    totals = sumTransfers(totals, [one(3_000), two(51_000)], 4_000);
    assert.equal(totals.count, 2);
    assert.equal(Math.round(totals.rate ?? 0), 1_000);
    assert.deepEqual(totals.remaining, { type: "about", count: 3, unit: "minute" });
    const ended = transferFacts({ id: "1", state: "done", transferredBytes: 100_000 });
    totals = sumTransfers(totals, [ended, two(53_000)], 6_000);
    assert.deepEqual([totals.count, Math.round(totals.rate ?? 0)], [1, 1_000]);
  });

  test("does not say how long all take where one does not know its size", () => {
    const transfers = (at: number) => [
      transferFacts({ id: "1", transferredBytes: at, totalBytes: 100_000 }),
      transferFacts({ id: "2", transferredBytes: at, totalBytes: undefined }),
    ];
    const totals = sumTransfers(sumTransfers(undefined, transfers(0), 0), transfers(5_000), 5_000);
    assert.equal(Math.round(totals.rate ?? 0), 2_000);
    assert.equal(totals.remaining, undefined);
  });
});

describe("the name of a file", () => {
  test("keeps its end, which says what it is, when it is long", () => {
    const shown = shownFileName(`invoice${" ".repeat(200)}.exe`);
    assert.ok(shown.startsWith("invoice ") && shown.endsWith(" .exe"));
    assert.equal(shown.length, 80);
    assert.equal(shownFileName("x".repeat(80)), "x".repeat(80));
  });

  test("shows what turns its direction", () => {
    assert.equal(shownFileName("invoice\u202efdp.exe"), "invoice⟨U+202E⟩fdp.exe");
  });

  test("takes no more time for one without an end", () => {
    assert.equal(Array.from(shownFileName("😀".repeat(1_000_000))).length, 80);
  });
});
