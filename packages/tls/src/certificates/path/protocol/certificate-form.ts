import type { Certificate } from "./certificate.ts";
import { extensionOid, keyUsageBit } from "./certificate-extensions.ts";
import type { Finding } from "./problems.ts";

/** Where a certificate stands in the path. */
export interface CertificateRole {
  readonly leaf: boolean;
  readonly anchor: boolean;
  /** Signed with its own key, under whatever name. */
  readonly selfSigned: boolean;
}

/**
 * Checks what RFC 5280 section 4 asks of those who issue certificates, where path validation itself does not.
 *
 * Anchors are excused their serial number, which nothing relies on, and which is 0 in roots that browsers trust.
 */
export function checkCertificateForm(certificate: Certificate, role: CertificateRole): readonly Finding[] {
  return [
    ...(role.anchor ? [] : checkSerialNumber(certificate)),
    ...checkNames(certificate, role),
    ...checkKeyIdentifiers(certificate, role),
    ...checkCriticality(certificate),
    ...checkCaFields(certificate, role),
    ...(certificate.extensions.malformed.has(extensionOid.authorityInfoAccess)
      ? [{ code: "INFORMATION_ACCESS_MALFORMED" } as const]
      : []),
  ];
}

/** Tells whether basic constraints make it an authority. */
export function isAuthority({ extensions }: Certificate): boolean {
  return extensions.basicConstraints?.ca === true;
}

/** RFC 5280 section 4.1.2.2. */
function checkSerialNumber({ serialNumber }: Certificate): readonly Finding[] {
  const detail =
    serialNumber.length > 20
      ? `it has ${String(serialNumber.length)} octets`
      : (serialNumber[0] ?? 0) >= 0x80
        ? "it is negative"
        : serialNumber.every((byte) => byte === 0)
          ? "it is zero"
          : undefined;
  return detail === undefined ? [] : [{ code: "SERIAL_NUMBER_INVALID", detail }];
}

/** RFC 5280 sections 4.1.2.4, 4.1.2.6, 4.2.1.6. */
function checkNames(certificate: Certificate, { leaf }: CertificateRole): readonly Finding[] {
  const findings: Finding[] = [];
  const { issuer, subject, extensions } = certificate;
  if (issuer.relativeNames.length === 0) findings.push({ code: "NAME_EMPTY", detail: "issuer" });
  if (subject.relativeNames.length === 0) {
    if (!leaf || isAuthority(certificate)) findings.push({ code: "NAME_EMPTY", detail: "subject of an authority" });
    const { subjectAltName } = extensionOid;
    if (!extensions.present.has(subjectAltName)) findings.push({ code: "NAME_EMPTY", detail: "subject" });
    else if (!extensions.critical.has(subjectAltName)) {
      findings.push({
        code: "CRITICALITY_WRONG",
        detail: "alternative names are not critical and there is no subject",
      });
    }
  }
  return findings;
}

/** RFC 5280 sections 4.2.1.1 and 4.2.1.2. */
function checkKeyIdentifiers(certificate: Certificate, { leaf, selfSigned }: CertificateRole): readonly Finding[] {
  const findings: Finding[] = [];
  const { authorityKeyIdentifier, subjectKeyIdentifier } = certificate.extensions;
  if (authorityKeyIdentifier?.keyIdentifier === undefined && !selfSigned) {
    findings.push({ code: "KEY_IDENTIFIER_MISSING", detail: "of the authority" });
  }
  if (subjectKeyIdentifier === undefined && (!leaf || isAuthority(certificate))) {
    findings.push({ code: "KEY_IDENTIFIER_MISSING", detail: "of the subject" });
  }
  return findings;
}

const neverCritical = {
  [extensionOid.authorityKeyIdentifier]: "authority key identifier",
  [extensionOid.subjectKeyIdentifier]: "subject key identifier",
  [extensionOid.authorityInfoAccess]: "authority information access",
};

const alwaysCritical = {
  [extensionOid.policyConstraints]: "policy constraints",
  [extensionOid.inhibitAnyPolicy]: "inhibit any policy",
};

function checkCriticality(certificate: Certificate): readonly Finding[] {
  const { present, critical } = certificate.extensions;
  const findings: Finding[] = [];
  for (const [oid, name] of Object.entries(neverCritical)) {
    if (critical.has(oid)) findings.push({ code: "CRITICALITY_WRONG", detail: `${name} is critical` });
  }
  for (const [oid, name] of Object.entries(alwaysCritical)) {
    if (present.has(oid) && !critical.has(oid)) {
      findings.push({ code: "CRITICALITY_WRONG", detail: `${name} is not critical` });
    }
  }
  if (isAuthority(certificate) && !critical.has(extensionOid.basicConstraints)) {
    findings.push({ code: "CRITICALITY_WRONG", detail: "basic constraints of an authority are not critical" });
  }
  if (present.has(extensionOid.nameConstraints) && !critical.has(extensionOid.nameConstraints)) {
    findings.push({ code: "NAME_CONSTRAINTS_NOT_CRITICAL" });
  }
  return findings;
}

/** RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.10. */
function checkCaFields(certificate: Certificate, { leaf }: CertificateRole): readonly Finding[] {
  const { basicConstraints, keyUsage, present } = certificate.extensions;
  const findings: Finding[] = [];
  const signs = keyUsage?.has(keyUsageBit.keyCertSign);
  if (signs === true && !isAuthority(certificate)) {
    findings.push({ code: "CA_FIELDS_CONTRADICT", detail: "keyCertSign without cA" });
  }
  if (basicConstraints?.pathLength !== undefined && (!basicConstraints.ca || signs === false)) {
    findings.push({ code: "CA_FIELDS_CONTRADICT", detail: "pathLenConstraint without cA and keyCertSign" });
  }
  if (leaf && !isAuthority(certificate) && present.has(extensionOid.nameConstraints)) {
    findings.push({ code: "NAME_CONSTRAINTS_IN_LEAF" });
  }
  return findings;
}
