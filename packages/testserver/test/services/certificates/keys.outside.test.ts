import assert from "node:assert/strict";
import { keyServices } from "../../../src/services/certificates/keys.ts";
import { describeServices, type OutsideCheck } from "../../describe-services.ts";
import { judged } from "./verdicts.ts";

describeServices(keyServices, {
  "https-rsa-512": judged({
    openssl: 66,
    gnutls: "chain uses insecure algorithm",
    fairlead: ["KEY_WEAK"],
    shows: /\(512 bit\)/,
  }),
  "https-rsa-1024": judged({ openssl: 66, fairlead: ["KEY_WEAK"], shows: /\(1024 bit\)/ }),
  "https-rsa-2048": judged({ shows: /rsaEncryption\n +Public-Key: \(2048 bit\)/ }),
  "https-rsa-3072": judged({ shows: /rsaEncryption\n +Public-Key: \(3072 bit\)/ }),
  "https-rsa-4096": judged({ shows: /rsaEncryption\n +Public-Key: \(4096 bit\)/ }),
  "https-rsa-8192": judged({ shows: /rsaEncryption\n +Public-Key: \(8192 bit\)/ }),
  "https-rsa-16384": judged({ shows: /rsaEncryption\n +Public-Key: \(16384 bit\)/ }),
  "https-rsa-exponent-3": judged({ shows: /Exponent: 3 / }),
  "https-rsa-pss": judged({ shows: /Public Key Algorithm: rsassaPss/ }),
  "https-p256": judged({ shows: /NIST CURVE: P-256/ }),
  "https-p384": judged({ shows: /NIST CURVE: P-384/ }),
  "https-p521": judged({ shows: /NIST CURVE: P-521/ }),
  "https-secp256k1": onCurve("secp256k1"),
  "https-brainpool": onCurve("brainpoolP256r1"),
  "https-ed25519": judged({ shows: /Public Key Algorithm: ED25519/ }),
  "https-ed448": judged({ shows: /Public Key Algorithm: ED448/ }),
  "https-ecdsa-or-rsa": {
    by: ["openssl"],
    check: async ({ sClient }) => {
      for (const [algorithm, type] of [
        ["ECDSA+SHA256:ECDSA+SHA384", "ECDSA"],
        ["RSA-PSS+SHA256:ECDSA+SHA384", "RSA-PSS"],
      ] as const) {
        const { stdout } = await sClient(["-sigalgs", algorithm]);
        assert.match(stdout, new RegExp(`Peer signature type: ${type}\\n`));
      }
    },
  },
  "https-sha1": judged({
    openssl: 68,
    gnutls: "chain uses insecure algorithm",
    fairlead: ["SIGNATURE_WEAK"],
    shows: /ecdsa-with-SHA1/,
  }),
  "https-sha1-intermediate": judged({
    openssl: 68,
    gnutls: "chain uses insecure algorithm.",
    fairlead: ["SIGNATURE_WEAK"],
  }),
  "https-md5": judged({
    openssl: 68,
    gnutls: "chain uses insecure algorithm",
    fairlead: ["SIGNATURE_WEAK"],
    shows: /md5WithRSAEncryption/,
  }),
  "https-sha384": judged({ shows: /Signature Algorithm: ecdsa-with-SHA384/ }),
  "https-sha512-rsa": judged({ shows: /Signature Algorithm: sha512WithRSAEncryption/ }),
  "https-rsa-pss-signature": judged({ shows: /Signature Algorithm: rsassaPss/ }),
  "https-ed25519-signature": judged({ shows: /Signature Algorithm: ED25519/ }),
  "https-weak-intermediate": judged({ openssl: 67, fairlead: ["KEY_WEAK"] }),
});

/** Refused by a client that does not offer the curve, as most do not, and good for one that does. */
function onCurve(curve: string): OutsideCheck {
  return {
    by: ["openssl", "curl", "gnutls-cli"],
    check: async ({ sClient, curl, gnutlsCli }) => {
      assert.equal((await curl("/json")).code, 35);
      assert.match((await gnutlsCli()).output, /A TLS fatal alert has been received/);
      const { stdout } = await sClient(["-tls1_2", "-curves", `X25519:${curve}`, "-sigalgs", "ECDSA+SHA256"]);
      assert.match(stdout, /Verify return code: 0 /);
      assert.match(stdout, /Peer signature type: ECDSA/);
    },
  };
}
