import { type Certificate, isSelfIssued } from "./certificate.ts";
import { type CertificateRole, isAuthority } from "./certificate-form.ts";
import { extensionOid } from "./certificate-extensions.ts";
import { hex } from "./der-node.ts";
import { anyPurpose, type Purpose } from "./extended-key-usage.ts";
import type { GeneralName } from "./general-name.ts";
import { formatIpAddress, parseIpAddress } from "./host-name.ts";
import type { Finding } from "./problems.ts";

/** What the rules below need to know beside the certificate. */
export interface BaselineContext {
  readonly purpose: Purpose;
  /** Tells whether independent owners register below this name (`com`, `co.uk`); `undefined`: nothing is known. */
  readonly isPublicSuffix: ((name: string) => boolean) | undefined;
}

/**
 * Checks what issuers that browsers trust have promised, beyond RFC 5280.
 *
 * @see CA/Browser Forum, Baseline Requirements for TLS server certificates, sections 6.1.5, 6.1.6, 7.1.1, 7.1.2, 7.1.4
 */
export function checkBaseline(
  certificate: Certificate,
  role: CertificateRole,
  context: BaselineContext,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (certificate.version !== 3) findings.push({ code: "BASELINE_VERSION", detail: String(certificate.version) });
  const { publicKey } = certificate;
  if (publicKey.type === "rsa" && publicKey.bits % 8 !== 0) {
    findings.push({ code: "BASELINE_KEY_SIZE", detail: `${String(publicKey.bits)} bits` });
  }
  if (role.anchor && isSelfIssued(certificate)) findings.push(...checkRoot(certificate));
  if (role.leaf && context.purpose === "server") findings.push(...checkSubscriber(certificate, context));
  return findings;
}

/** Sections 7.1.2.1.2 and 7.1.2.1.3. */
function checkRoot({ extensions }: Certificate): readonly Finding[] {
  const findings: Finding[] = [];
  if (extensions.present.has(extensionOid.extendedKeyUsage)) {
    findings.push({ code: "BASELINE_PURPOSE", detail: "a root has none" });
  }
  const { authorityKeyIdentifier: authority, subjectKeyIdentifier: subject } = extensions;
  if (authority === undefined) return findings;
  if (authority.namesIssuer) findings.push({ code: "BASELINE_KEY_IDENTIFIER", detail: "the issuer is named" });
  if (authority.keyIdentifier === undefined || subject === undefined || hex(authority.keyIdentifier) !== hex(subject)) {
    findings.push({ code: "BASELINE_KEY_IDENTIFIER", detail: "the authority's is not the subject's" });
  }
  return findings;
}

/** Sections 7.1.2.7 and 7.1.4. */
function checkSubscriber(certificate: Certificate, { isPublicSuffix }: BaselineContext): readonly Finding[] {
  const { subject, extensions } = certificate;
  const findings: Finding[] = [];
  if (isAuthority(certificate)) findings.push({ code: "BASELINE_LEAF_IS_CA" });
  const purposes = extensions.extendedKeyUsage;
  if (!extensions.present.has(extensionOid.extendedKeyUsage)) {
    findings.push({ code: "BASELINE_PURPOSE", detail: "it is missing" });
  }
  if (purposes?.includes(anyPurpose) === true) findings.push({ code: "BASELINE_PURPOSE", detail: "it allows any" });
  if (extensions.critical.has(extensionOid.extendedKeyUsage)) {
    findings.push({ code: "BASELINE_PURPOSE", detail: "it is critical" });
  }
  const names = extensions.subjectAltNames ?? [];
  if (extensions.critical.has(extensionOid.subjectAltName) && subject.relativeNames.length > 0) {
    findings.push({ code: "BASELINE_NAMES_CRITICAL" });
  }
  for (const commonName of subject.commonNames) {
    if (!names.some((name) => isCopy(commonName, name))) {
      findings.push({ code: "BASELINE_COMMON_NAME", detail: commonName });
    }
  }
  for (const name of names) {
    if (name.type !== "dns" || !name.value.startsWith("*.")) continue;
    if (isPublicSuffix?.(name.value.slice(2).toLowerCase()) === true) {
      findings.push({ code: "BASELINE_PUBLIC_SUFFIX", detail: name.value });
    }
  }
  return findings;
}

/** Section 7.1.4.3: a character-for-character copy of a DNS name; an address in the form of RFC 3986 or RFC 5952. */
function isCopy(commonName: string, name: GeneralName): boolean {
  if (name.type === "dns") return name.value === commonName;
  if (name.type !== "ip") return false;
  const address = parseIpAddress(commonName);
  return address !== undefined && hex(address) === hex(name.value) && formatIpAddress(address) === commonName;
}
