import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUnits,
} from "../../src/text/quantities.ts";

describe("quantities", () => {
  const written: readonly (readonly [title: string, text: string, expected: string])[] = [
    ["bytes are counted", formatBytes(1, "en"), "1 byte"],
    ["and named in the plural", formatBytes(999, "en"), "999 bytes"],
    ["kilobytes have thousand bytes", formatBytes(12_345, "en"), "12 kB"],
    ["what rounds to a thousand is one of the next unit", formatBytes(999_600, "en"), "1.0 MB"],
    ["gigabytes have two decimals", formatBytes(1_250_000_000, "en"), "1.25 GB"],
    ["the largest unit goes on", formatBytes(9e18, "en"), "9,000.00 PB"],
    ["a language has its own separator", formatBytes(3_400_000, "de"), "3,4 MB"],
    ["slow rates are a part of a kilobyte", formatRate(500, "en"), "0.5 kB/s"],
    ["rates have one decimal", formatRate(3_400_000, "en"), "3.4 MB/s"],
    ["percents are rounded down", formatPercent(0.9999, "en"), "99%"],
    ["and not by the errors of floating point", formatPercent(0.29, "en"), "29%"],
    ["all of it is all of it", formatPercent(1, "en"), "100%"],
    ["there is no more than all", formatPercent(1.5, "en"), "100%"],
    ["counts have separators", formatCount(12_345, "en"), "12,345"],
    ["very short durations have a decimal", formatDuration(0.44, "en"), "0.4ms"],
    ["short ones have none", formatDuration(120.3, "en"), "120ms"],
    ["seconds have two", formatDuration(1_250, "en"), "1.25s"],
    ["what rounds to a minute is one", formatDuration(59_996, "en"), "1m"],
    ["minutes come with seconds", formatDuration(125_000, "en"), "2m 5s"],
    ["hours with minutes", formatDuration(3_600_000 * 3 + 60_000 * 20, "en"), "3h 20m"],
    ["days with hours", formatDuration(86_400_000 * 2 + 3_600_000 * 4, "en"), "2d 4h"],
    ["sentences have whole words", formatDuration(125_000, "en", "long"), "2 minutes, 5 seconds"],
    ["units are counted", formatUnits(3, "minute", "en"), "3 min"],
    ["a language has its own plural", formatUnits(2, "minute", "ar", "long"), "دقيقتان"],
  ];
  for (const [title, text, expected] of written) {
    test(title, () => {
      assert.equal(text, expected);
    });
  }

  test("what is no quantity is written as zero", () => {
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      assert.equal(formatBytes(none, "en"), "0 bytes");
      assert.equal(formatDuration(none, "en"), "0ms");
      assert.equal(formatPercent(none, "en"), "0%");
    }
  });

  test("more bytes are never written as fewer, and none as a thousand of a unit that has a larger one", () => {
    const sizes: Readonly<Record<string, number>> = { byte: 1, bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
    const read = (text: string): number => {
      const [amount = "", unit = ""] = text.split(" ");
      return Number(amount) * (sizes[unit] ?? Number.NaN);
    };
    const bytes = fc.double({ min: 0, max: 9e14, noNaN: true }).map(Math.floor);
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const [small, large] = one < other ? [one, other] : [other, one];
        assert.ok(read(formatBytes(small, "en")) <= read(formatBytes(large, "en")));
        assert.doesNotMatch(formatBytes(large, "en"), /^\d{4}/);
      }),
    );
  });
});
