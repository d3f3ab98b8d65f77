import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram, type FuzzReport } from "@fairlead/conformance/tls";

const cases = 400;

// Elsewhere and for longer: npm run fuzz.
test(`${String(cases)} connections with changed bytes and failing callbacks end in typed errors`, async () => {
  const program = new URL("programs/fuzz.ts", import.meta.url);
  const { code, signal, output, errors } = await runProgram(program, {
    parameters: ["--seed", "1", "--cases", String(cases)],
  });
  assert.deepEqual([code, signal], [0, null], errors);
  // What fuzzLibrary returned.
  const report = JSON.parse(output) as FuzzReport;
  assert.equal(report.cases, cases);
  for (const expected of [
    "none",
    "TLS_ALERT_RECEIVED",
    "TLS_HANDSHAKE_FAILED",
    "TLS_TRUNCATED",
    "TLS_RECORD_INVALID",
  ]) {
    assert.ok((report.codes[expected] ?? 0) > 0, `${expected} never happened: ${output}`);
  }
});
