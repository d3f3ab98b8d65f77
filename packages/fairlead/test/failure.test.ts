import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PolicyError, StoreError, TlsError } from "@fairlead/core";
import { ArgumentsError } from "../src/arguments.ts";
import { describeCauses, describeFailure, firstFailure } from "../src/failure.ts";
import { FileError } from "../src/file-error.ts";

describe("a failure is one line", () => {
  const full = Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" });
  for (const [error, line, exitCode] of [
    [new ArgumentsError("URL is missing"), "fairlead: get: URL is missing (see 'fairlead help get')", 2],
    [new FileError("write a\nb", full), "fairlead: cannot write a\\u{a}b: the disk is full", 9],
    [
      new TlsError("TLS_NOT_SPOKEN", { peer: "a:1\x1b[2J", operation: "secure" }),
      "fairlead: secure a:1\\u{1b}[2J: the peer does not speak TLS; check the port, or use the plain scheme [TLS_NOT_SPOKEN]",
      4,
    ],
    [
      new RangeError("a\nb"),
      "fairlead: unexpected failure (RangeError: a\\u{a}b); FAIRLEAD_DEBUG=1 shows its causes",
      1,
    ],
    ["thrown text", "fairlead: unexpected failure (thrown text); FAIRLEAD_DEBUG=1 shows its causes", 1],
  ] as const) {
    test(line, () => {
      assert.deepEqual(describeFailure(error, "get"), { line, exitCode });
    });
  }

  test("about what came first, when tidying up failed as well", async () => {
    const first = new PolicyError("REDIRECT_LOOP");
    const failing = { [Symbol.asyncDispose]: () => Promise.reject(new StoreError("STORE_WRITE_FAILED")) };
    const run = async (): Promise<void> => {
      await using outer = failing;
      await using inner = failing;
      assert.equal(outer, inner);
      throw first;
    };
    await assert.rejects(run, (error) => firstFailure(error) === first);
    assert.equal(firstFailure(full), full);
    assert.equal(firstFailure(undefined), undefined);
  });

  test("and the chain of its causes ends, even in a circle", () => {
    const circle = new Error("round");
    circle.cause = circle;
    assert.equal(describeCauses(circle).filter((line) => /^(?:error|cause): Error: round$/.test(line)).length, 10);
  });
});
