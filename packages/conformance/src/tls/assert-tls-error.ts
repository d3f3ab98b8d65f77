import assert from "node:assert/strict";
import { TlsError } from "@fairlead/core";

/** Asserts that this is a `TlsError` with this code, and that it says what to do. */
export function assertTlsError(error: unknown, code: string): asserts error is TlsError {
  assert.ok(error instanceof TlsError, String(error));
  assert.equal(error.code, code, error.message);
  assert.notEqual(error.remedy, "");
}
