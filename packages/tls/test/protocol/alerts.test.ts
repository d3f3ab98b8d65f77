import assert from "node:assert/strict";
import { test } from "node:test";
import { alertMeaning, alertName } from "../../src/protocol/alerts.ts";

test("names alerts as the registry does, and numbers the others", () => {
  assert.deepEqual([0, 40, 48, 70, 112, 116, 120, 199].map(alertName), [
    "close_notify",
    "handshake_failure",
    "unknown_ca",
    "protocol_version",
    "unrecognized_name",
    "certificate_required",
    "no_application_protocol",
    "alert 199",
  ]);
});

test("takes certificate alerts for the client's own certificate only when it sent one (RFC 8446 section 6.2)", () => {
  for (const alert of [42, 43, 44, 45, 46, 48, 49]) {
    assert.equal(alertMeaning(alert, true), "certificate-rejected");
    assert.equal(alertMeaning(alert, false), "other");
  }
  assert.equal(alertMeaning(116, false), "certificate-required");
  assert.equal(alertMeaning(70, false), "version");
  assert.equal(alertMeaning(40, true), "other");
});

test("takes handshake_failure for a missing certificate once the server has shown its own (RFC 5246 section 7.4.6)", () => {
  assert.equal(alertMeaning(40, false, true), "certificate-required");
  assert.equal(alertMeaning(40, true, true), "other");
  assert.equal(alertMeaning(40, false, false), "other");
});
