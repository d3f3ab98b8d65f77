import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenState } from "../../../src/authenticator/protocol/renewal-time.ts";

const HOUR = 3_600_000;

test("tokens are renewed a minute before they expire, or a tenth of their life, or half as much again by chance", () => {
  const hour = { keptAt: 0, expiresAt: HOUR };
  const short = { keptAt: 1_000, expiresAt: 61_000 };
  for (const [life, now, chance, expected] of [
    [hour, 0, 0, "good"],
    [hour, HOUR - 60_001, 0, "good"],
    [hour, HOUR - 60_000, 0, "ageing"],
    [hour, HOUR - 90_001, 1, "good"],
    [hour, HOUR - 90_000, 1, "ageing"],
    [hour, HOUR - 1, 0, "ageing"],
    [hour, HOUR, 0, "expired"],
    [short, 54_999, 0, "good"],
    [short, 55_000, 0, "ageing"],
    [{ keptAt: 0, expiresAt: undefined }, Number.MAX_SAFE_INTEGER, 1, "good"],
    // A clock that was set back, or tokens that never were any good.
    [{ keptAt: 10, expiresAt: 0 }, 20, 0, "expired"],
  ] as const) {
    assert.equal(tokenState(life, now, chance), expected, JSON.stringify([life, now, chance]));
  }
});
