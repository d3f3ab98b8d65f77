import type { Certificate } from "./certificate.ts";
import { keyUsageBit } from "./certificate-extensions.ts";
import type { CertificateRole } from "./certificate-form.ts";
import type { Finding } from "./problems.ts";

/** What the leaf is presented as: a TLS server or a TLS client. */
export type Purpose = "server" | "client";

/** `anyExtendedKeyUsage`. */
export const anyPurpose = "2.5.29.37.0";

/**
 * Checks that every certificate of the path may serve the purpose: an authority's extended key usage limits what it
 * issues, as all verifiers for the web have it. `anyExtendedKeyUsage` will do for an authority, which "does not wish to
 * restrict usages of the key"; a leaf has to name the purpose, as an application "MAY" require.
 *
 * @see RFC 5280 section 4.2.1.12; Baseline Requirements for TLS server certificates, section 7.1.2.7.10
 */
export function checkPurpose(
  { extensions }: Certificate,
  { leaf }: CertificateRole,
  purpose: Purpose,
): readonly Finding[] {
  const allowed = extensions.extendedKeyUsage;
  if (allowed === undefined || allowed.includes(purposes[purpose])) return [];
  if (allowed.includes(anyPurpose)) return leaf ? [{ code: "PURPOSE_FORBIDDEN", detail: "it names none" }] : [];
  return [{ code: "PURPOSE_FORBIDDEN" }];
}

/**
 * Checks what the key may do, where the certificate says: an issuer's signs certificates, a leaf's signs handshakes or,
 * in TLS 1.2, receives secrets.
 *
 * @see RFC 5280 section 4.2.1.3, RFC 8446 section 4.4.2.2, RFC 5246 section 7.4.2
 */
export function checkKeyUsage(
  { extensions }: Certificate,
  { leaf }: CertificateRole,
  purpose: Purpose,
): readonly Finding[] {
  const usage = extensions.keyUsage;
  if (usage === undefined) return [];
  if (!leaf) return usage.has(keyUsageBit.keyCertSign) ? [] : [{ code: "KEY_USAGE_FORBIDS_SIGNING" }];
  const { digitalSignature, keyEncipherment, keyAgreement } = keyUsageBit;
  const suitable = purpose === "server" ? [digitalSignature, keyEncipherment, keyAgreement] : [digitalSignature];
  return suitable.some((bit) => usage.has(bit)) ? [] : [{ code: "KEY_USAGE_UNSUITABLE" }];
}

const purposes: Readonly<Record<Purpose, string>> = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
};
