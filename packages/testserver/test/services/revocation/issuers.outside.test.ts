import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { issuerServices } from "../../../src/services/revocation/checked.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";
import { shownCertificates } from "../certificates/verdicts.ts";

const der = ["x509", "-inform", "DER"];
const pem = ["x509", "-inform", "PEM"];

describeServices(issuerServices, {
  "https-aia": fetched({ read: der, verified: /: OK\n/ }),
  "https-aia-pkcs7": fetched({ read: ["pkcs7", "-inform", "DER", "-print_certs"], verified: /: OK\n/ }),
  "https-aia-pem": fetched({ read: pem, verified: /: OK\n/ }),
  "https-aia-redirect": fetched({ with: ["--location"], read: der, verified: /: OK\n/ }),
  "https-aia-redirect-loop": fetched({ with: ["--location", "--max-redirs", "5"], curl: 47 }),
  "https-aia-slow": fetched({ read: der, verified: /: OK\n/ }),
  "https-aia-silent": fetched({ with: ["--max-time", "0.5"], curl: 28 }),
  "https-aia-another": fetched({ read: der, verified: /error 20 at 0 depth/ }),
  "https-aia-evil-twin": fetched({ read: der, verified: /error 20 at 0 depth/ }),
  "https-aia-loop": fetched({ read: der, verified: /error \d+ at [01] depth/ }),
  "https-aia-malformed": fetched({ read: der, unreadable: true }),
  "https-aia-html": fetched({ read: der, unreadable: true }),
  "https-aia-missing": fetched({ with: ["--fail"], curl: 22 }),
  "https-aia-huge": fetched({ with: ["--write-out", "%{size_download}"], said: "67108864" }),
});

interface Expected {
  /** Options of curl. */
  readonly with?: readonly string[];
  /** Its exit code; 0 by default. */
  readonly curl?: number;
  /** What it writes besides. */
  readonly said?: string;
  /** How OpenSSL reads what was fetched. */
  readonly read?: readonly string[];
  /** That it cannot. */
  readonly unreadable?: true;
  /** What it says of the certificate with what was fetched for its issuer. */
  readonly verified?: RegExp;
}

/** Fetches what the certificate says its issuer is, and looks whether that closes the gap. */
function fetched(expected: Expected): OutsideCheck {
  return {
    by: ["openssl", "curl"],
    check: async (check) => {
      const { sClient, curl, run, folder } = check;
      assert.match((await sClient()).stdout, /Verify return code: 21 /);
      const certificates = await shownCertificates(check);
      assert.equal(certificates.length, 1);
      const [leaf = ""] = certificates;
      const { stdout } = await run("openssl", ["x509", "-noout", "-text"], { input: leaf });
      const [, url = ""] = /CA Issuers - URI:(\S+)/.exec(stdout) ?? [];
      const file = join(folder, "fetched");
      const got = await curl(...(expected.with ?? []), "--output", file, url);
      assert.equal(got.code, expected.curl ?? 0, got.stderr);
      if (expected.said !== undefined) assert.equal(got.stdout, expected.said);
      if (expected.read !== undefined) await closeGap(check, expected, leaf, file);
    },
  };
}

async function closeGap(check: ServiceCheck, expected: Expected, leaf: string, file: string): Promise<void> {
  const { run, folder, caFile } = check;
  const { stdout: issuer, stderr } = await run("openssl", expected.read ?? [], { input: await readFile(file) });
  if (expected.unreadable !== undefined) {
    assert.match(stderr, /Could not read certificate/);
    return;
  }
  const issuerFile = join(folder, "issuer.pem");
  await writeFile(issuerFile, issuer);
  const verified = await run("openssl", ["verify", "-CAfile", caFile, "-untrusted", issuerFile], { input: leaf });
  assert.match(verified.output, expected.verified ?? /never/);
}
