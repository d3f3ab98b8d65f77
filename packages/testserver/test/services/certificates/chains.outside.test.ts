import assert from "node:assert/strict";
import { chainServices } from "../../../src/services/certificates/chains.ts";
import { describeServices, type OutsideCheck } from "../../describe-services.ts";
import { judged, shownCertificates, type Verdict } from "./verdicts.ts";

describeServices(chainServices, {
  "https-self-signed": judged({ openssl: 18, gnutls: "issuer is unknown.", fairlead: ["ROOT_UNTRUSTED"] }),
  "https-untrusted-root": judged({ openssl: 21, gnutls: "issuer is unknown.", fairlead: ["ISSUER_UNKNOWN"] }),
  "https-incomplete-chain": sent(1, { openssl: 21, gnutls: "issuer is unknown", fairlead: ["ISSUER_UNKNOWN"] }),
  "https-issued-by-root": sent(1, {}),
  "https-chain-with-root": sent(3, {}),
  "https-chain-with-untrusted-root": judged({
    openssl: 19,
    gnutls: "issuer is unknown.",
    fairlead: ["ROOT_UNTRUSTED"],
  }),
  "https-chain-out-of-order": sent(4, {}),
  "https-chain-repeated": sent(6, {}),
  "https-chain-with-stranger": sent(3, {}),
  "https-chain-of-twenty": sent(21, {
    gnutls: "PKI verification of server certificate failed",
    fairlead: ["WORK_LIMIT_REACHED"],
  }),
  "https-chain-of-two-hundred": sent(201, {
    openssl: 20,
    gnutls: "PKI verification of server certificate failed",
    fairlead: ["WORK_LIMIT_REACHED"],
  }),
  "https-cross-signed": sent(2, {
    issuerShows: /Issuer: .*Fairlead Test Root\n[^]*Subject: .*Fairlead Young Test Root\n/,
  }),
  "https-cross-signed-expired": sent(3, { gnutls: "issuer is unknown" }),
  "https-evil-twin-root": judged({ openssl: 19, gnutls: "issuer is unknown.", fairlead: ["ROOT_UNTRUSTED"] }),
  "https-evil-twin-intermediate": judged({ openssl: 21, gnutls: "issuer is unknown.", fairlead: ["ISSUER_UNKNOWN"] }),
  "https-self-signed-as-root": judged({ openssl: 18, gnutls: "issuer is unknown.", fairlead: ["ROOT_UNTRUSTED"] }),
  "https-signature-broken": judged({
    openssl: 7,
    curl: 35,
    gnutls: "The signature in the certificate is invalid.",
    fairlead: ["SIGNATURE_INVALID"],
  }),
});

/** So many certificates, and what clients think of them. */
function sent(count: number, verdict: Verdict): OutsideCheck {
  const { by, check } = judged(verdict);
  return {
    by,
    check: async (service) => {
      assert.equal((await shownCertificates(service)).length, count);
      await check(service);
    },
  };
}
