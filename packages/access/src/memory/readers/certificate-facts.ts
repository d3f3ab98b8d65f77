import { X509Certificate } from "node:crypto";
import { canonicalHost } from "./hosts.ts";

/** Reads a certificate; `undefined` when it is none. */
export function certificateOf(der: Uint8Array | undefined): X509Certificate | undefined {
  try {
    return der === undefined ? undefined : new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** Its subject in one line. */
export function subjectOf(certificate: X509Certificate | undefined): string {
  return certificate?.subject.split("\n").join(", ") ?? "(damaged)";
}

/** Whom it is for, in one line. */
export function namesOf(certificate: X509Certificate | undefined): string {
  const names = alternativeNames(certificate);
  return names.length > 0 ? names.join(", ") : (certificate?.subject ?? "(none)");
}

/** The hosts that it names, in the form in which hosts are remembered. */
export function hostsOfCertificate(certificate: X509Certificate | undefined): readonly string[] {
  const commonName = /^CN=(.*)$/m.exec(certificate?.subject ?? "")?.[1];
  const names = alternativeNames(certificate);
  const named = names.length === 0 && commonName !== undefined ? [commonName] : names;
  return named.map((name) => (name.startsWith("*.") ? `*.${canonicalHost(name.slice(2))}` : canonicalHost(name)));
}

function alternativeNames(certificate: X509Certificate | undefined): readonly string[] {
  const names = certificate?.subjectAltName?.split(", ") ?? [];
  return names.map((name) => name.replace(/^(?:DNS|IP Address):/, ""));
}
