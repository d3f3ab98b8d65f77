import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { spokenRemaining } from "../../../src/transfer/rules/remaining.ts";

describe("a remaining time as it is said", () => {
  const said: readonly (readonly [title: string, milliseconds: number, expected: object])[] = [
    ["is moments at the end", 5_000, { type: "moments" }],
    ["is tens of seconds, rounded up", 31_000, { type: "about", count: 40, unit: "second" }],
    ["is a minute rather than sixty seconds", 51_000, { type: "about", count: 1, unit: "minute" }],
    ["is minutes, rounded up", 121_000, { type: "about", count: 3, unit: "minute" }],
    ["is five minutes more or less beyond ten", 22 * 60_000, { type: "about", count: 25, unit: "minute" }],
    ["is hours", 80 * 60_000, { type: "about", count: 2, unit: "hour" }],
    ["is days", 25 * 3_600_000, { type: "about", count: 2, unit: "day" }],
  ];
  for (const [title, milliseconds, expected] of said) {
    test(title, () => {
      assert.deepEqual(spokenRemaining(milliseconds), expected);
    });
  }

  test("is never longer when the time is shorter", () => {
    const units = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
    let before = 0;
    for (let milliseconds = 0; milliseconds < 100 * 3_600_000; milliseconds += 500) {
      const said = spokenRemaining(milliseconds);
      const seconds = said.type === "moments" ? 0 : said.count * units[said.unit];
      assert.ok(seconds >= before);
      before = seconds;
    }
  });
});
