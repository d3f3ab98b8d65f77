import assert from "node:assert/strict";
import { validityServices } from "../../../src/services/certificates/validity.ts";
import { describeServices } from "../../describe-services.ts";
import { judged, shownCertificates } from "./verdicts.ts";

describeServices(validityServices, {
  "https-expired": judged({ openssl: 10, gnutls: "chain uses expired certificate.", fairlead: ["EXPIRED"] }),
  "https-not-yet-valid": judged({
    openssl: 9,
    gnutls: "chain uses not yet valid certificate.",
    fairlead: ["NOT_YET_VALID"],
  }),
  "https-expired-intermediate": judged({
    openssl: 10,
    gnutls: "chain uses expired certificate.",
    fairlead: ["EXPIRED"],
  }),
  "https-not-yet-valid-intermediate": judged({
    openssl: 9,
    gnutls: "chain uses not yet valid certificate.",
    fairlead: ["NOT_YET_VALID"],
  }),
  "https-expires-in-an-hour": {
    by: ["openssl"],
    check: async ({ sClient, network }) => {
      assert.match((await sClient()).stdout, /Verify return code: 0 /);
      network.clock.advance(3_600_000 * 2);
      // OpenSSL is told the same time: the connection shows a new certificate, which is good for another hour.
      const at = Math.floor(network.clock.now() / 1000);
      const { stdout } = await sClient(["-attime", `${at}`]);
      network.clock.advance(-3_600_000 * 2);
      assert.match(stdout, /Verify return code: 0 /);
      assert.match((await sClient(["-attime", `${at}`])).stdout, /Verify return code: 10 /);
    },
  },
  "https-valid-399-days": {
    by: ["openssl"],
    check: async (check) => {
      const [input = ""] = await shownCertificates(check);
      const { stdout } = await check.run("openssl", ["x509", "-noout", "-dates"], { input });
      const [notBefore = NaN, notAfter = NaN] = [...stdout.matchAll(/=(.+)/g)].map(([, date = ""]) => Date.parse(date));
      assert.equal((notAfter - notBefore) / 86_400_000, 399);
    },
  },
  "https-valid-for-a-century": judged({ shows: /Not After : .* 21\d\d GMT/ }),
  "https-valid-for-ever": judged({ shows: /Not After : Dec 31 23:59:59 9999 GMT/ }),
  "https-ends-before-it-begins": judged({
    openssl: 10,
    gnutls: "chain uses not yet valid certificate.",
    fairlead: ["NOT_YET_VALID", "EXPIRED"],
  }),
  "https-generalized-time": {
    by: ["openssl"],
    check: async (check) => {
      const [input = ""] = await shownCertificates(check);
      const { stdout } = await check.run("openssl", ["asn1parse"], { input });
      assert.equal(stdout.match(/GENERALIZEDTIME/g)?.length, 2);
    },
  },
});
