import assert from "node:assert/strict";
import { test } from "node:test";
import { eagerCollection, runProgram } from "@fairlead/conformance/tls";

test("trap: what C knows only by its address is not collected while it is used", async () => {
  const program = new URL("programs/collect-eagerly.ts", import.meta.url);
  const { code, signal, output, errors } = await runProgram(program, { nodeFlags: eagerCollection });
  assert.deepEqual([code, signal], [0, null], errors);
  assert.ok(Number(output) > 500, output);
});
