import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "../child-program.ts";
import type { FuzzReport } from "./fuzz-run.ts";

/**
 * Tests that connections whose bytes are changed, and whose callbacks fail, end in errors with names; `program` prints what
 * `fuzzLibrary` returns. Elsewhere and for longer: npm run fuzz.
 */
export function fuzzTest(name: string, program: URL): void {
  test(`${name}: ${String(cases)} connections with changed bytes and failing callbacks end in typed errors`, async () => {
    const { code, signal, output, errors } = await runProgram(program, {
      parameters: ["--seed", "1", "--cases", String(cases)],
    });
    assert.deepEqual([code, signal], [0, null], errors);
    // What fuzzLibrary returned.
    const report = JSON.parse(output) as FuzzReport;
    assert.equal(report.cases, cases);
    for (const expected of always) {
      assert.ok((report.codes[expected] ?? 0) > 0, `${expected} never happened: ${output}`);
    }
  });
}

const cases = 400;
const always = ["none", "TLS_ALERT_RECEIVED", "TLS_HANDSHAKE_FAILED", "TLS_TRUNCATED", "TLS_RECORD_INVALID"];
