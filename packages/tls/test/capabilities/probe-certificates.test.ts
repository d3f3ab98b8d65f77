import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { verifyPath } from "@fairlead/tls/certificates";
import { probeCertificates } from "../../src/capabilities/probe-certificates.ts";

const time = Date.parse("2026-11-21T12:00:00Z");

test("what a backend is tried with passes our own verifier, by the rules for the web, staple included", () => {
  const { host, trust, identity, other, ocspResponse } = probeCertificates(time);
  assert.equal(trust.type, "anchors");
  const anchors = trust.certificates.map((pem) => new X509Certificate(pem).raw);
  for (const { certificate } of [identity, other]) {
    const verdict = verifyPath({
      leaf: new X509Certificate(certificate).raw,
      intermediates: [],
      anchors,
      host,
      time,
      purpose: "server",
      profile: "web",
    });
    assert.equal(verdict.type, "trusted", JSON.stringify(verdict.type === "refused" && verdict.problems));
  }
  assert.notEqual(identity.certificate, other.certificate);
  const judged = verifyPath({
    leaf: new X509Certificate(identity.certificate).raw,
    intermediates: [],
    anchors,
    host,
    time,
    purpose: "server",
    revocation: { stapled: ocspResponse, required: true },
  });
  assert.equal(judged.type, "trusted");
});
