import assert from "node:assert/strict";
import { connect } from "node:net";
import { TlsError } from "@fairlead/core";
import { connectTls } from "@fairlead/tls/sockets";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";

/** What clients are to think of a certificate. */
export interface Verdict {
  /** Code of OpenSSL's verification, `man openssl-verification-options`; 0 by default: good. */
  readonly openssl?: number;
  /** A part of what GnuTLS says of the certificate, or of why it ended the handshake; that it is trusted by default. */
  readonly gnutls?: string;
  /** Exit code of curl; 60 or 0 by default, as OpenSSL judges. */
  readonly curl?: number;
  /** What Fairlead's own path validation finds, or how the handshake failed; nothing by default. */
  readonly fairlead?: readonly string[];
  /** A part of what `openssl s_client` says besides, such as why it ended the handshake. */
  readonly says?: string;
  /** What `openssl x509 -text` shows of the certificate. */
  readonly shows?: RegExp;
  /** The same of the certificate that is sent behind it: its issuer's. */
  readonly issuerShows?: RegExp;
  /** What `openssl asn1parse` shows of the certificate. */
  readonly isWritten?: RegExp;
  /** The name that the certificate has to be for; `a.fairlead.test` by default. */
  readonly host?: string;
}

/** Checks that these clients, of which three are not ours, say so. Several verdicts are for several names. */
export function judged(...verdicts: readonly Verdict[]): OutsideCheck {
  return {
    by: ["openssl", "gnutls-cli", "curl"],
    check: async (check) => {
      for (const verdict of verdicts) await checkVerdict(check, verdict);
    },
  };
}

/** The certificates that a service sends, PEM, the leaf first. */
export async function shownCertificates({ sClient }: ServiceCheck): Promise<readonly string[]> {
  const { stdout } = await sClient(["-showcerts"]);
  return stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
}

async function checkVerdict(check: ServiceCheck, verdict: Verdict): Promise<void> {
  const { host = "a.fairlead.test", openssl = 0, gnutls = "The certificate is trusted", fairlead = [] } = verdict;
  const { service, run, caFile, network } = check;
  const isAddress = /^[\d.]+$/.test(host);

  const seen = isAddress
    ? await run("openssl", ["s_client", "-connect", `${host}:${service.port}`, "-CAfile", caFile, "-verify_ip", host])
    : await check.sClient(["-verify_hostname", host]);
  assert.match(seen.stdout, new RegExp(`Verify return code: ${openssl} `), seen.output);
  assert.ok(seen.output.includes(verdict.says ?? ""), seen.output);
  const told = await check.gnutlsCli([`--verify-hostname=${host}`]);
  assert.ok(told.output.includes(gnutls), told.output);
  const resolve = ["--resolve", `${host}:${service.port}:${service.host}`];
  const got = await check.curl(...resolve, `https://${host}:${service.port}/json`);
  assert.equal(got.code, verdict.curl ?? (openssl === 0 ? 0 : 60), got.stderr);

  assert.deepEqual(await problemsOf(service, host, network.ca.certificate), fairlead);

  const { shows, issuerShows, isWritten } = verdict;
  if (shows === undefined && issuerShows === undefined && isWritten === undefined) return;
  const [leaf = "", issuer = ""] = await shownCertificates(check);
  for (const [input, command, expected] of [
    [leaf, ["x509", "-noout", "-text"], shows],
    [issuer, ["x509", "-noout", "-text"], issuerShows],
    [leaf, ["asn1parse"], isWritten],
  ] as const) {
    if (expected !== undefined) assert.match((await run("openssl", command, { input })).stdout, expected);
  }
}

async function problemsOf(
  { host: address, port }: ServiceCheck["service"],
  host: string,
  anchor: string,
): Promise<readonly string[]> {
  try {
    const trust = { type: "anchors", certificates: [anchor] } as const;
    (await connectTls(connect({ host: address, port }), { host, trust })).destroy();
    return [];
  } catch (error) {
    assert.ok(error instanceof TlsError, String(error));
    return error.problems.length === 0 ? [error.code] : error.problems.map(({ code }) => code);
  }
}
