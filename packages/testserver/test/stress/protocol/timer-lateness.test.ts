import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { timerLateness } from "../../../src/stress/protocol/timer-lateness.ts";

test("timers are never early, at most 150 ms late, some of them, and by the seed", () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffff_ffff }), (seed) => {
      const [one, other] = [timerLateness(seed), timerLateness(seed)];
      const late = Array.from({ length: 200 }, () => one());
      assert.deepEqual(
        late,
        Array.from({ length: 200 }, () => other()),
      );
      assert.ok(
        late.every((milliseconds) => Number.isInteger(milliseconds) && milliseconds >= 0 && milliseconds <= 150),
      );
      assert.ok(late.includes(0) && late.some((milliseconds) => milliseconds > 0));
    }),
  );
});
