import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import type { Surroundings } from "../../src/command.ts";
import { Interruption } from "../../src/interruption.ts";
import { tourSteps } from "../../src/tour/steps.ts";
import { takeTour } from "../../src/tour/take-tour.ts";

/** Surroundings in which this script runs in place of each request. */
function surroundingsOf(
  script: string,
  signal = new AbortController().signal,
): Surroundings & { readonly stdout: PassThrough } {
  const stdout = new PassThrough();
  return {
    ...{ stdin: new PassThrough(), stdout, stderr: new PassThrough(), env: process.env, signal },
    self: [process.execPath, "-e", script],
  };
}

describe("the tour checks what it shows", () => {
  test("no step believes a request of which nothing is known", () => {
    const nothing = {
      exitCode: 0,
      complaint: "",
      status: undefined,
      bodyBytes: undefined,
      headers: {},
      errorCode: undefined,
      hops: [],
    };
    for (const { title, check } of tourSteps) {
      const checks = check({ outcome: nothing, seen: [], earlier: [] });
      assert.ok(!checks.every(({ holds }) => holds), title);
    }
  });

  for (const [what, script, complaint] of [
    ["answer all alike", `console.log(JSON.stringify({ status: 200, hops: [] }))`, undefined],
    ["fail", `console.error("fairlead: out of order"); process.exitCode = 1`, /^ {3}fairlead: out of order$/m],
  ] as const) {
    test(`exit code 1 when requests ${what}`, async () => {
      const surroundings = surroundingsOf(script);
      assert.equal(await takeTour(surroundings), 1);
      const page = String(surroundings.stdout.read());
      assert.match(page, /✗/);
      assert.match(page, new RegExp(`^${tourSteps.length} of ${tourSteps.length} steps did not behave\\.$`, "m"));
      if (complaint !== undefined) assert.match(page, complaint);
    });
  }

  test("an interruption ends the request that is under way", async () => {
    const ending = new AbortController();
    const surroundings = surroundingsOf("setInterval(() => undefined, 1000)", ending.signal);
    const interruption = new Interruption("interrupt");
    surroundings.stdout.on("data", (chunk: Buffer) => {
      if (String(chunk).includes("$ fairlead get")) ending.abort(interruption);
    });
    await assert.rejects(takeTour(surroundings), interruption);
  });
});
