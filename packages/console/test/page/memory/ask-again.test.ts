import assert from "node:assert/strict";
import { test } from "node:test";
import { askAgainDelayMilliseconds } from "../../../src/page/memory/rules/ask-again.ts";

test("what may have changed is asked for at once, but once in a second, and for a twentieth of the time at the most", () => {
  for (const [now, at, took, delay] of [
    [5_000, -Infinity, 0, 0],
    [5_000, 4_000, 10, 0],
    [5_000, 4_400, 10, 400],
    [5_000, 5_000, 50, 1_000],
    [5_000, 5_000, 51, 1_020],
    [5_000, 4_000, 300, 5_000],
    [60_000, 4_000, 300, 0],
  ] as const) {
    assert.equal(askAgainDelayMilliseconds(now, { at, took }), delay, `${now} ${at} ${took}`);
  }
});
