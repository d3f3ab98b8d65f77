import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { certificateViewer as arabic } from "../../src/certificate-viewer/messages/ar.ts";
import { certificateViewer as english } from "../../src/certificate-viewer/messages/en.ts";
import { isRevocationReason } from "../../src/certificate-viewer/rules/revocation-reason.ts";

describe("why a certificate was revoked", () => {
  test("has words for each reason of RFC 5280 section 5.3.1", () => {
    for (const words of [english, arabic]) {
      const reasons = Object.keys(words.revocationReasons);
      assert.equal(reasons.length, 10);
      assert.ok(reasons.every(isRevocationReason));
    }
  });

  test("is shown as it came where it is none of them, whatever it is called", () => {
    for (const text of ["", "Superseded", "superseded ", "7", "__proto__", "toString", "<b>"]) {
      assert.equal(isRevocationReason(text), false, text);
    }
  });
});
