import assert from "node:assert/strict";
import { staplingServices } from "../../../src/services/revocation/stapled.ts";
import { describeServices, type OutsideCheck } from "../../describe-services.ts";

const gnutlsInvalid = "The received OCSP status response is invalid";

describeServices(staplingServices, {
  "https-stapled-good": stapled("Cert Status: good", { curl: 0, gnutls: "The certificate is trusted" }),
  "https-stapled-revoked": stapled("Cert Status: revoked", { curl: "keyCompromise", gnutls: "chain is revoked" }),
  "https-stapled-unknown": stapled("Cert Status: unknown", { curl: "FAILED", gnutls: "The certificate is trusted" }),
  "https-stapled-expired": stapled("Cert Status: good", { curl: "expired", gnutls: "old and have been superseded" }),
  // GnuTLS has no eye for this one.
  "https-stapled-not-yet-valid": stapled("Cert Status: good", { curl: "91", gnutls: "The certificate is trusted" }),
  "https-stapled-wrong-serial": stapled("Cert Status: good", { curl: "certificate ID", gnutls: gnutlsInvalid }),
  "https-stapled-wrong-signature": stapled("Cert Status: good", { curl: "verification failed", gnutls: gnutlsInvalid }),
  "https-stapled-stranger": stapled("CN=Fairlead Other Test Root", {
    curl: "verification failed",
    gnutls: gnutlsInvalid,
  }),
  "https-stapled-delegated": stapled("CN=Fairlead Test Responder", { curl: 0, gnutls: "The certificate is trusted" }),
  "https-stapled-delegated-without-usage": stapled("TLS Web Server Authentication", {
    ...{ curl: "verification failed", gnutls: gnutlsInvalid },
  }),
  "https-stapled-delegated-expired": stapled("OCSP Signing", { curl: "verification failed", gnutls: gnutlsInvalid }),
  "https-stapled-try-later": stapled("OCSP Response Status: trylater (0x3)", {
    ...{ curl: "trylater (3)", gnutls: "The certificate is trusted" },
  }),
  "https-stapled-malformed": stapled("invalid status response", { curl: "91", gnutls: gnutlsInvalid }),
  "https-must-staple": stapled("Cert Status: good", { curl: 0, gnutls: "The certificate is trusted" }),
  "https-must-staple-revoked": stapled("Cert Status: revoked", { curl: "keyCompromise", gnutls: "chain is revoked" }),
  "https-must-staple-expired": stapled("Cert Status: good", {
    curl: "expired",
    gnutls: "old and have been superseded",
  }),
  "https-must-staple-missing": stapled("OCSP response: no response sent", {
    ...{ curl: "No OCSP response received", gnutls: "the OCSP status is missing" },
  }),
});

/** What OpenSSL shows of the staple, why curl exits with 91 when it has to be good, and what GnuTLS says. */
function stapled(shown: string, said: { readonly curl: 0 | string; readonly gnutls: string }): OutsideCheck {
  return {
    by: ["openssl", "curl", "gnutls-cli"],
    check: async ({ sClient, curl, gnutlsCli }) => {
      const { output } = await sClient(["-status"]);
      assert.ok(output.includes(shown), output);
      const { code, stderr } = await curl("--cert-status", "/json");
      assert.equal(code, said.curl === 0 ? 0 : 91, stderr);
      if (said.curl !== 0) assert.ok(stderr.includes(said.curl), stderr);
      const told = await gnutlsCli();
      assert.ok(told.output.includes(said.gnutls), told.output);
    },
  };
}
