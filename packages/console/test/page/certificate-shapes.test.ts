import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { type CertificateFacts, describeCertificate } from "@fairlead/tls/certificates";
import type { ShownCertificate, ShownCertificateConnection, ShownCertificateProblem } from "@fairlead/widgets";
import { harbourIssuer, harbourLeaf, harbourRoot, routerLeaf } from "../../../widgets/gallery/harbour-certificates.ts";
import type { HopTls, ShownProblem } from "../../src/protocol/index.ts";

/** Widgets take no types from TLS: where one of two shapes changes, this does not compile any more. */
type Fits<Told extends Shown, Shown> = Told;
export type Fitting = readonly [
  Fits<CertificateFacts, ShownCertificate>,
  Fits<Required<ShownCertificate>, CertificateFacts>,
  Fits<ShownProblem, ShownCertificateProblem>,
  Fits<HopTls, ShownCertificateConnection>,
];

describe("what TLS tells of certificates", () => {
  test("is what the viewer shows, as it comes through JSON", () => {
    for (const { pem = "", ...shown } of [harbourLeaf, harbourIssuer, harbourRoot, routerLeaf]) {
      const facts = describeCertificate(new X509Certificate(pem).raw);
      assert.deepEqual(JSON.parse(JSON.stringify(facts)), JSON.parse(JSON.stringify(shown)));
    }
  });
});
