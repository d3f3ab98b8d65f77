import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as core from "@fairlead/core";

const tables: Readonly<Record<string, Readonly<Record<string, core.ErrorCodeEntry>>>> = {
  transportErrorCodes: core.transportErrorCodes,
  tlsErrorCodes: core.tlsErrorCodes,
  authenticationErrorCodes: core.authenticationErrorCodes,
  contentErrorCodes: core.contentErrorCodes,
  serviceErrorCodes: core.serviceErrorCodes,
  protocolErrorCodes: core.protocolErrorCodes,
  policyErrorCodes: core.policyErrorCodes,
  timeoutErrorCodes: core.timeoutErrorCodes,
  fileErrorCodes: core.fileErrorCodes,
  storeErrorCodes: core.storeErrorCodes,
  usageErrorCodes: core.usageErrorCodes,
  certificateProblemCodes: core.certificateProblemCodes,
};
const entries = Object.values(tables).flatMap((table) => Object.entries(table));

describe("error codes", () => {
  test("are all looked at here", () => {
    assert.deepEqual(
      Object.keys(core)
        .filter((name) => /(?:Error|Problem)Codes$/.test(name))
        .sort(),
      Object.keys(tables).sort(),
    );
  });

  test("name one thing each, whatever the class", () => {
    const codes = entries.map(([code]) => code);
    assert.deepEqual(codes, [...new Set(codes)]);
  });

  for (const [code, { what, remedy }] of entries) {
    test(`${code} reads as one line: lower case, no full stop`, () => {
      assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
      for (const clause of [what, remedy]) assert.match(clause, /^[a-z][ -~]*[^ .]$/);
    });
  }

  test("do not ask for a retry of what only the caller can mend", () => {
    const contradictory = entries.filter(([, { fixer, retryHelps }]) => fixer === "caller" && retryHelps);
    assert.deepEqual(
      contradictory.map(([code]) => code),
      [],
    );
  });
});
