import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { multipath } from "./multipath-pair.ts";

/** Skips where the kernel has it not; in CI, where it must be, the test fails. */
export function isMissing(t: TestContext): boolean {
  const support = multipath.support();
  if (support.type === "available") return false;
  assert.notEqual(process.env["CI"], "true", support.reason);
  t.skip(support.reason);
  return true;
}
