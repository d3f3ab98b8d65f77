import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { formatProgress, ProgressBar } from "../../src/get/progress-bar.ts";

describe("progress", () => {
  for (const [done, total, elapsed, line] of [
    [0, 1000, 0, "[------------------------]   0%  0 bytes of 1000 bytes  0 bytes/s"],
    [500, 1000, 1000, "[############------------]  50%  500 bytes of 1000 bytes  500 bytes/s  1 s left"],
    [1000, 1000, 2000, "[########################] 100%  1000 bytes of 1000 bytes  500 bytes/s  0 s left"],
    // A peer that sends more than it said.
    [2000, 1000, 1000, "[########################] 100%  2.0 KiB of 1000 bytes  2.0 KiB/s  0 s left"],
    [3_145_728, undefined, 1000, "3.0 MiB  3.0 MiB/s"],
  ] as const) {
    test(line, () => {
      assert.equal(formatProgress(done, total, elapsed), line);
    });
  }

  test("counts as fast what came now, not what was there before", () => {
    const line = "[##################------]  75%  750 bytes of 1000 bytes  250 bytes/s  1 s left";
    assert.equal(formatProgress(750, 1000, 1000, 500), line);
  });

  test("is drawn ten times a second at the most, within the terminal's width, and taken away", () => {
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
    let now = 0;
    const bar = new ProgressBar(output, () => now);
    for (; now < 1000; now += 10) bar.update(now, 1000);
    bar.clear();
    bar.clear();
    const drawn = String(output.read()).split("\r\x1b[K").slice(1);
    assert.equal(drawn.length, 11);
    assert.equal(drawn.at(-1), "");
    for (const line of drawn) assert.ok(line.length < 40, line);
  });
});
