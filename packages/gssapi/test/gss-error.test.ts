import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gssErrorCode, hasFailed, needsMore, type GssPhase } from "../src/gss-error.ts";

const KRB5 = -1_765_328_384;
const routine = (error: number): number => (error << 16) >>> 0;
const FAILURE = routine(13);
const DEFECTIVE_TOKEN = routine(9);
const NO_CREDENTIALS = routine(7);
const EXPIRED = routine(11);

describe("a major status", () => {
  test("fails by a routine or a calling error, and not by a supplementary bit (RFC 2744 section 3.9.1)", () => {
    assert.deepEqual([0, 1, 3, FAILURE, (2 << 24) >>> 0].map(hasFailed), [false, false, false, true, true]);
    assert.deepEqual([0, 1, FAILURE].map(needsMore), [false, true, false]);
  });
});

describe("an error is named by what Kerberos says, then by what GSS-API says", () => {
  for (const [major, minor, phase, code] of [
    [FAILURE, 7, "ask", "KERBEROS_SERVICE_UNKNOWN"],
    [NO_CREDENTIALS, 31, "acquire", "KERBEROS_PASSWORD_WRONG"],
    [NO_CREDENTIALS, 999, "acquire", "KERBEROS_TICKET_MISSING"],
    [EXPIRED, 999, "ask", "KERBEROS_TICKET_EXPIRED"],
    [FAILURE, 156, "acquire", "KERBEROS_SERVER_UNREACHABLE"],
    [FAILURE, 999, "ask", "AUTHENTICATION_FAILED"],
    [FAILURE, 37, "verify", "KERBEROS_CLOCK_SKEW"],
    // What the server sent does not decrypt: it is the server that failed, and not the password.
    [FAILURE, 31, "verify", "SERVER_NOT_AUTHENTICATED"],
    [FAILURE, 7, "verify", "SERVER_NOT_AUTHENTICATED"],
    [EXPIRED, 999, "verify", "SERVER_NOT_AUTHENTICATED"],
    [DEFECTIVE_TOKEN, 999, "verify", "AUTHENTICATION_TOKEN_INVALID"],
  ] as const satisfies readonly (readonly [number, number, GssPhase, string])[]) {
    test(`${String(major >>> 16)} with ${String(minor)} while it is to ${phase}: ${code}`, () => {
      assert.equal(
        gssErrorCode(major, phase, (each) => each === KRB5 + minor),
        code,
      );
    });
  }
});
