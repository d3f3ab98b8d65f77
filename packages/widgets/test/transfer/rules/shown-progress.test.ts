import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { announce } from "../../../src/transfer/rules/announcement.ts";
import { estimateTransfer } from "../../../src/transfer/rules/estimate.ts";
import { sampleTransfer, type ShownProgress, showProgress } from "../../../src/transfer/rules/shown-progress.ts";
import type { TransferFacts } from "../../../src/transfer/transfer-facts.ts";
import { transferFacts } from "./transfer-facts-of.ts";

function shown(facts: Partial<TransferFacts>, ...times: readonly number[]): ShownProgress {
  const transfer = transferFacts(facts);
  let estimate = estimateTransfer(undefined, sampleTransfer(transfer, 0));
  for (const at of times) estimate = estimateTransfer(estimate, sampleTransfer(transfer, at));
  return showProgress(transfer, estimate);
}

describe("what is shown of a transfer", () => {
  test("is the whole only when it is done", () => {
    assert.equal(shown({ transferredBytes: 1_000 }).fraction, 0.99);
    assert.equal(shown({ transferredBytes: 1_000, state: "verifying" }).fraction, 0.99);
    assert.equal(shown({ transferredBytes: 1_000, state: "failed" }).fraction, 0.99);
    assert.equal(shown({ transferredBytes: 1_000, state: "done" }).fraction, 1);
    assert.equal(shown({ transferredBytes: 1_000, totalBytes: undefined, state: "done" }).fraction, 1);
  });

  test("has no length when more came than was announced", () => {
    const { totalBytes, fraction } = shown({ transferredBytes: 1_001 });
    assert.deepEqual([totalBytes, fraction], [undefined, undefined]);
  });

  test("has no length where what was announced is no number of bytes", () => {
    for (const totalBytes of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1]) {
      const told = shown({ transferredBytes: 400, totalBytes }, 4_000);
      assert.deepEqual(told, shown({ transferredBytes: 400, totalBytes: undefined }, 4_000), String(totalBytes));
    }
  });

  test("sets apart what an earlier try had left, and never more than there is", () => {
    assert.equal(shown({ transferredBytes: 600, resumedFromBytes: 400 }).resumedFraction, 0.4);
    assert.equal(shown({ transferredBytes: 600, resumedFromBytes: 900 }).resumedFraction, 0.6);
    assert.equal(shown({ transferredBytes: 600, resumedFromBytes: Number.NaN }).resumedFraction, 0);
    assert.equal(shown({ resumedFromBytes: 400, totalBytes: undefined }).resumedFraction, 0);
  });

  test("tells that it has stalled while it is under way, and for how long", () => {
    const { phase, silentMilliseconds } = shown({}, 12_000);
    assert.deepEqual([phase, silentMilliseconds], ["stalled", 12_000]);
    assert.equal(shown({ state: "paused" }, 12_000).phase, "paused");
  });

  test("offers what makes sense in a state, of what the application can do", () => {
    assert.deepEqual(shown({}).actions, ["pause", "cancel"]);
    assert.deepEqual(shown({ actions: ["cancel", "open"] }).actions, ["cancel"]);
    assert.deepEqual(shown({ state: "done" }).actions, ["open", "show", "remove"]);
    assert.deepEqual(shown({ state: "failed" }).actions, ["retry", "remove"]);
    assert.deepEqual(shown({}, 12_000).actions, ["retry", "pause", "cancel"]);
  });
});

describe("what is read out of a transfer", () => {
  test("is each quarter and each state", () => {
    assert.deepEqual(announce(shown({ transferredBytes: 249 })), { phase: "under-way", percent: 0 });
    assert.deepEqual(announce(shown({ transferredBytes: 250 })), { phase: "under-way", percent: 25 });
    assert.deepEqual(announce(shown({ transferredBytes: 1_000 })), { phase: "under-way", percent: 75 });
    assert.deepEqual(announce(shown({ totalBytes: undefined })), { phase: "under-way", percent: undefined });
    assert.deepEqual(announce(shown({ state: "failed" })), { phase: "failed", percent: undefined });
  });
});
