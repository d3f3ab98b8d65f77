import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { verificationCode } from "../src/verification-status.ts";

const invalid = 1 << 1;

describe("what GnuTLS found wrong with a chain", () => {
  test("is nothing when all is well", () => {
    assert.equal(verificationCode(0, []), undefined);
  });

  test("is 'revoked' before anything else, and whoever said so", () => {
    for (const others of [invalid, invalid | (1 << 10), invalid | (1 << 6) | (1 << 20)]) {
      assert.equal(verificationCode((1 << 5) | others, []), "CERT_REVOKED");
    }
  });

  test("is nothing where only the stapled response is at fault: that is judged for all backends alike", () => {
    for (const bit of [12, 15, 19, 20]) {
      assert.equal(verificationCode(invalid | (1 << bit), []), undefined);
      assert.equal(verificationCode(invalid | (1 << bit) | (1 << 10), []), "CERT_HAS_EXPIRED");
    }
  });

  test("is refused when nobody knows what it is", () => {
    for (const status of [invalid, 1 << 30, invalid | (1 << 30) | (1 << 20)]) {
      assert.equal(verificationCode(status, []), "UNSPECIFIED");
    }
  });
});
