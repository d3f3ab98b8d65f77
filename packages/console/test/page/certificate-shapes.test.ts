import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { rootCertificates } from "node:tls";
import { type CertificateFacts, describeCertificate } from "@fairlead/tls/certificates";
import type { StapleVerdict } from "@fairlead/tls";
import type {
  ShownCertificate,
  ShownCertificateConnection,
  ShownCertificateProblem,
  ShownStaple,
} from "@fairlead/widgets";
import type { HopTls, ShownProblem, ShownStaple as ProtocolStaple } from "../../src/protocol/index.ts";

/** Widgets take no types from TLS: where one of two shapes changes, this does not compile any more. */
type Fits<Told extends Shown, Shown> = Told;
export type Fitting = readonly [
  Fits<CertificateFacts, ShownCertificate>,
  Fits<Required<ShownCertificate>, CertificateFacts>,
  Fits<ShownProblem, ShownCertificateProblem>,
  Fits<HopTls, ShownCertificateConnection>,
  Fits<StapleVerdict, ProtocolStaple>,
  Fits<ProtocolStaple, ShownStaple>,
];

describe("what TLS tells of certificates", () => {
  test("is what the viewer shows, as it comes through JSON", () => {
    for (const pem of rootCertificates.slice(0, 5)) {
      const facts = describeCertificate(new X509Certificate(pem).raw);
      const shown = JSON.parse(JSON.stringify(facts)) as ShownCertificate;
      const told = Object.entries(facts).filter(([, value]) => value !== undefined);
      assert.deepEqual(shown, Object.fromEntries(told));
    }
  });
});
