import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram, steadyHeap, type ProgramOptions } from "../child-program.ts";
import type { SlowReaderReport } from "./slow-reader.ts";
import type { SoakReport } from "./soak.ts";

/** Tests that 1 GiB goes past a slow reader in bounded memory; `program` prints what `sendPastSlowReader` returns. */
export function slowReaderTest(name: string, program: URL): void {
  test(`${name}: 1 GiB past a reader that is slow, and stops now and then, takes little memory`, async () => {
    const report = (await reportOf(program, {})) as SlowReaderReport;
    assert.equal(report.receivedBytes, 1_073_741_824);
    assert.ok(report.waits > 100, `the writer had to wait ${String(report.waits)} times`);
    // The kernel's buffers on loopback come to some MiB.
    assert.ok(report.mostOnTheWayBytes <= 16 * mebibyte, `${String(report.mostOnTheWayBytes)} bytes were on their way`);
    // Garbage included: nobody hurries to collect it.
    assert.ok(report.grownBytes <= 256 * mebibyte, `the process grew by ${String(report.grownBytes)} bytes`);
  });
}

/** Tests that 10,000 connections leave memory flat; `program` prints what `soakConnections` returns. */
export function soakTest(name: string, program: URL): void {
  test(`${name}: 10,000 connections, full, resumed and failed, leave resident memory flat`, async () => {
    const report = (await reportOf(program, { nodeFlags: steadyHeap })) as SoakReport;
    assert.equal(report.connections, 10_000);
    // One KiB each, for the last 8,000 of them, would be 8 MiB; a session that is not freed is more than 10 KiB.
    assert.ok(report.grownBytes <= 8 * mebibyte, `the process grew by ${String(report.grownBytes)} bytes`);
  });
}

const mebibyte = 1_048_576;

async function reportOf(program: URL, options: ProgramOptions): Promise<unknown> {
  const { code, signal, output, errors } = await runProgram(program, options);
  assert.deepEqual([code, signal], [0, null], errors);
  return JSON.parse(output);
}
