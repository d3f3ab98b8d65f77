import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { liveLimits } from "../../src/connectivity/rules/live-limits.ts";

const now = 1_790_000_000_000;

describe("liveLimits", () => {
  test("leaves what holds now", () => {
    const limits = { endsAt: now + 1, bytesRemaining: 0 };
    assert.deepEqual(liveLimits(limits, "online", now), limits);
    assert.deepEqual(liveLimits({ endsAt: undefined, bytesRemaining: 5 }, "online", now), {
      endsAt: undefined,
      bytesRemaining: 5,
    });
  });

  test("is nothing where nobody says anything, where the end is past, and where nobody is let out", () => {
    assert.equal(liveLimits(undefined, "online", now), undefined);
    assert.equal(liveLimits({ endsAt: undefined, bytesRemaining: undefined }, "online", now), undefined);
    assert.equal(liveLimits({ endsAt: now, bytesRemaining: undefined }, "online", now), undefined);
    assert.equal(liveLimits({ endsAt: now + 1, bytesRemaining: 1 }, "captive", now), undefined);
    assert.equal(liveLimits({ endsAt: now + 1, bytesRemaining: 1 }, "offline", now), undefined);
  });

  test("takes no number that is no moment and no count", () => {
    assert.equal(liveLimits({ endsAt: Infinity, bytesRemaining: Number.NaN }, "online", now), undefined);
    assert.deepEqual(liveLimits({ endsAt: 9e15, bytesRemaining: -1 }, "online", now), {
      endsAt: undefined,
      bytesRemaining: 0,
    });
  });
});
