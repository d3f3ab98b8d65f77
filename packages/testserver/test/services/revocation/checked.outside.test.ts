import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crlCheckedServices, ocspCheckedServices } from "../../../src/services/revocation/checked.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";
import { shownCertificates } from "../certificates/verdicts.ts";

describeServices(ocspCheckedServices, {
  "https-ocsp-good": asked(/^Response verify OK\nLEAF: good\n/),
  "https-ocsp-unknown": asked(/^Response verify OK\nLEAF: unknown\n/),
  "https-ocsp-expired": asked(/status expired/),
  "https-ocsp-wrong-serial": asked(/ERROR: No Status found/),
  "https-ocsp-wrong-signature": asked(/^Response Verify Failure\n/),
  "https-ocsp-stranger": asked(/^Response Verify Failure\n[^]*Verify error: self-signed certificate/),
  "https-ocsp-delegated": asked(/^Response verify OK\nLEAF: good\n/),
  "https-ocsp-delegated-without-usage": asked(/^Response Verify Failure\n[^]*missing ocspsigning usage/),
  "https-ocsp-nonce-ignored": asked(/^WARNING: no nonce in response\nResponse verify OK\nLEAF: good\n/),
  "https-ocsp-nonce-wrong": asked(/^Nonce Verify error\n/),
  "https-ocsp-try-later": asked(/^Responder Error: trylater \(3\)\n/),
  "https-ocsp-unauthorized": asked(/^Responder Error: unauthorized \(6\)\n/),
  "https-ocsp-malformed": asked(/^Error querying OCSP responder\n[^]*failed reading data/),
  "https-ocsp-html": asked(/unexpected content type[^]*actual=text\/html/),
  "https-ocsp-huge": asked(/missing asn1 encoding/),
  // One second, and then as many as it takes.
  "https-ocsp-slow": asked(/transfer timeout/, { then: /^Response verify OK\nLEAF: good\n/ }),
  "https-ocsp-silent": asked(/transfer timeout/),
  "https-revoked": {
    by: ["openssl", "curl"],
    check: async (check) => {
      await asked(/^Response verify OK\nLEAF: revoked\n/).check(check);
      await listed(23).check(check);
      // Who does not ask is not told.
      assert.equal((await check.curl("/json")).code, 0);
    },
  },
  "https-revoked-by-ocsp": asked(/^Response verify OK\nLEAF: revoked\n/),
});

describeServices(crlCheckedServices, {
  "https-crl-good": listed(0),
  "https-revoked-by-crl": listed(23),
  "https-revoked-on-long-crl": listed(23),
  "https-crl-expired": listed(12),
  "https-crl-not-yet-valid": listed(11),
  "https-crl-wrong-issuer": fetched(/getting CRL issuer certificate/),
  "https-crl-evil-twin": fetched(/verify failure/),
  "https-crl-malformed": listed(3, /failed reading data/),
  "https-crl-pem": listed(3, /missing asn1 encoding/),
  "https-crl-missing": listed(3, /code=404/),
  "https-crl-html": listed(3, /missing asn1 encoding/),
  "https-crl-huge": listed(3, /missing asn1 encoding/),
  "https-crl-slow": listed(0),
  "https-crl-silent": {
    by: ["openssl", "curl"],
    check: async (check) => {
      assert.equal((await check.curl("--max-time", "0.5", await listOf(check))).code, 28);
    },
  },
});

/** What `openssl ocsp` says when it asks the responder that the certificate names, in time and without limit. */
function asked(says: RegExp, { then }: { readonly then?: RegExp } = {}): OutsideCheck {
  return {
    by: ["openssl"],
    check: async (check) => {
      const [leaf = "", issuer = ""] = await shownCertificates(check);
      const [leafFile, issuerFile] = [join(check.folder, "leaf.pem"), join(check.folder, "issuer.pem")];
      await writeFile(leafFile, leaf);
      await writeFile(issuerFile, issuer);
      const { stdout: url } = await check.run("openssl", ["x509", "-noout", "-ocsp_uri", "-in", leafFile]);
      const ask = async (...more: readonly string[]): Promise<string> => {
        const files = ["-issuer", issuerFile, "-cert", leafFile, "-CAfile", check.caFile];
        const { output } = await check.run("openssl", ["ocsp", ...files, "-url", url.trim(), ...more]);
        return output.replaceAll(leafFile, "LEAF");
      };
      // As short only where it is waited for: a busy machine answers late.
      assert.match(await ask("-timeout", says.source.includes("timeout") ? "1" : "10"), says);
      if (then !== undefined) assert.match(await ask(), then);
    },
  };
}

/** What OpenSSL's verification says when it fetches the list that the certificate names, and what on the way. */
function listed(code: number, says?: RegExp): OutsideCheck {
  return {
    by: ["openssl"],
    check: async ({ sClient }) => {
      const { output } = await sClient(["-crl_check", "-crl_download"]);
      assert.match(output, new RegExp(`Verify return code: ${code} `));
      if (says !== undefined) assert.match(output, says);
    },
  };
}

/** That OpenSSL finds no list to go by, and what it says of the one that is there and the issuer of the certificate. */
function fetched(says: RegExp): OutsideCheck {
  return {
    by: ["openssl", "curl"],
    check: async (check) => {
      await listed(3).check(check);
      const [, issuer = ""] = await shownCertificates(check);
      const [listFile, issuerFile] = [join(check.folder, "list.crl"), join(check.folder, "issuer.pem")];
      await writeFile(issuerFile, issuer);
      const { code, stderr } = await check.curl("--output", listFile, await listOf(check));
      assert.equal(code, 0, stderr);
      const files = ["-in", listFile, "-CAfile", issuerFile];
      assert.match((await check.run("openssl", ["crl", "-inform", "DER", "-noout", ...files])).output, says);
    },
  };
}

/** The address of the list that the certificate names. */
async function listOf(check: ServiceCheck): Promise<string> {
  const [input = ""] = await shownCertificates(check);
  const { stdout } = await check.run("openssl", ["x509", "-noout", "-text"], { input });
  return /URI:(http:\S+)/.exec(stdout)?.[1] ?? "";
}
