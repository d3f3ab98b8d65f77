import { keyWeakness } from "./algorithms.ts";
import { checkBaseline } from "./baseline-requirements.ts";
import { type Certificate, isSelfIssued } from "./certificate.ts";
import { extensionOid } from "./certificate-extensions.ts";
import { type CertificateRole, checkCertificateForm, isAuthority } from "./certificate-form.ts";
import { policiesSuffice } from "./certificate-policies.ts";
import { checkKeyUsage, checkPurpose, type Purpose } from "./extended-key-usage.ts";
import { namesMatchHost } from "./host-name.ts";
import type { CandidatePath } from "./path-builder.ts";
import { checkNameConstraints, checkNameSyntax, type PlacedFinding } from "./path-names.ts";
import { type Finding, pathProblem, type PathProblem, pathProblems, type ProblemFamily } from "./problems.ts";

/**
 * Which rules hold. `path`: validation itself, for private authorities that are not careful about form. `rfc5280`:
 * besides, the form that RFC 5280 asks of issuers. `web`: besides, what issuers that browsers trust have promised.
 */
export type PathProfile = "path" | "rfc5280" | "web";

/** What a path is judged for. */
export interface PathExpectations {
  readonly profile: PathProfile;
  /** `excused`: the form of an anchor is the business of whoever trusts it. */
  readonly anchorForm: "judged" | "excused";
  /** A host name (A-labels) or an IP literal; `undefined`: the names are not compared. */
  readonly host: string | undefined;
  readonly purpose: Purpose;
  /** Seconds since 1970. */
  readonly time: number;
  /** Intermediates that may stand between leaf and anchor, self-issued ones not counted. */
  readonly maxDepth: number | undefined;
  readonly isPublicSuffix: ((name: string) => boolean) | undefined;
  /** Tells whether the certificate's own key made its signature. */
  readonly isSelfSigned: (certificate: Certificate) => boolean;
  /** What revocation finds in a certificate, given its issuer. */
  readonly checkRevocation: (certificate: Certificate, issuer: Certificate, leaf: boolean) => readonly Finding[];
}

/**
 * Judges one path by every rule, and returns all problems, those of the leaf first. A path that does not end in an
 * anchor has at least one.
 *
 * @see RFC 5280 section 6.1, RFC 9525 section 6
 */
export function judgePath(path: CandidatePath, expectations: PathExpectations): readonly PathProblem[] {
  const { certificates } = path;
  const findings = [
    ...checkEnd(path),
    ...certificates.flatMap((certificate, index) => {
      const anchor = path.end === "anchor" && index === certificates.length - 1;
      const role = { leaf: index === 0, anchor, selfSigned: expectations.isSelfSigned(certificate) };
      return place(index, checkCertificate(certificate, role, expectations));
    }),
    ...checkLeaf(certificates[0], expectations),
    ...checkPathLengths(certificates, expectations.maxDepth),
    ...checkNameConstraints(certificates),
    ...checkRevocations(path, expectations),
    ...(path.end === "anchor" && !policiesSuffice(certificates) ? [{ code: "POLICY_MISSING", index: 0 } as const] : []),
  ];
  return findings
    .filter(({ code }) => holds(code, expectations.profile))
    .filter(({ code, index }) => !excuses(code, index, path, expectations))
    .sort((a, b) => a.index - b.index)
    .map((finding) => pathProblem(finding, finding.index, certificates[finding.index]?.subject.text ?? ""));
}

function holds(code: Finding["code"], profile: PathProfile): boolean {
  // "As an explicit exception from RFC 5280, this extension […] MAY be marked non-critical", Baseline Requirements 7.1.2.5.2.
  if (profile === "web" && code === "NAME_CONSTRAINTS_NOT_CRITICAL") return false;
  return families[profile].includes(pathProblems[code]);
}

function excuses(code: Finding["code"], index: number, path: CandidatePath, expectations: PathExpectations): boolean {
  const isAnchor = path.end === "anchor" && index > 0 && index === path.certificates.length - 1;
  return isAnchor && expectations.anchorForm === "excused" && pathProblems[code] !== "path";
}

const families: Readonly<Record<PathProfile, readonly ProblemFamily[]>> = {
  path: ["path"],
  rfc5280: ["path", "form"],
  web: ["path", "form", "baseline"],
};

const place = (index: number, findings: readonly Finding[]): readonly PlacedFinding[] =>
  findings.map((finding) => ({ ...finding, index }));

function checkEnd({ certificates, end }: CandidatePath): readonly PlacedFinding[] {
  const index = certificates.length - 1;
  switch (end) {
    case "anchor":
      return [];
    case "issuer-unknown":
      return [{ code: "ISSUER_UNKNOWN", detail: certificates[index]?.issuer.text, index }];
    case "root-untrusted":
      return [{ code: "ROOT_UNTRUSTED", index }];
    case "signature-invalid":
      return [{ code: "SIGNATURE_INVALID", index }];
    case "signature-weak":
      return [{ code: "SIGNATURE_WEAK", detail: certificates[index]?.signatureAlgorithm.oid, index }];
    case "work-limit":
      return [{ code: "WORK_LIMIT_REACHED", index }];
  }
}

function checkCertificate(
  certificate: Certificate,
  role: CertificateRole,
  { purpose, time, isPublicSuffix }: PathExpectations,
): readonly Finding[] {
  const { publicKey, notBefore, notAfter } = certificate;
  const weakness = keyWeakness(publicKey);
  const findings: Finding[] = [];
  if (time < notBefore) findings.push({ code: "NOT_YET_VALID", detail: `not before ${isoDate(notBefore)}` });
  if (time > notAfter) findings.push({ code: "EXPIRED", detail: `on ${isoDate(notAfter)}` });
  if (weakness !== undefined) findings.push({ code: "KEY_WEAK", detail: weakness });
  if (!certificate.signatureAlgorithmAgrees) findings.push({ code: "SIGNATURE_ALGORITHM_MISMATCH" });
  // "… or the extension is present but the cA boolean is not asserted": RFC 5280 section 6.1.4 (k).
  if (!role.leaf && !isAuthority(certificate)) findings.push({ code: "NOT_A_CA" });
  return [
    ...findings,
    ...checkExtensions(certificate),
    ...checkNameSyntax(certificate),
    ...checkKeyUsage(certificate, role, purpose),
    ...checkPurpose(certificate, role, purpose),
    ...checkCertificateForm(certificate, role),
    ...checkBaseline(certificate, role, { purpose, isPublicSuffix }),
  ];
}

/** RFC 5280 section 6.1.4 (o) and 6.1.5 (f). */
function checkExtensions({ extensions: { critical, malformed } }: Certificate): readonly Finding[] {
  const understood: readonly string[] = Object.values(extensionOid);
  return [
    ...[...critical]
      .filter((oid) => !understood.includes(oid))
      .map((detail) => ({ code: "EXTENSION_UNKNOWN", detail }) as const),
    ...[...malformed]
      // Where issuers are found decides nothing, so that its form is a matter of form.
      .filter((oid) => oid !== extensionOid.authorityInfoAccess)
      .map((detail) => ({ code: "EXTENSION_MALFORMED", detail }) as const),
  ];
}

function checkLeaf(leaf: Certificate | undefined, { host }: PathExpectations): readonly PlacedFinding[] {
  if (leaf === undefined || host === undefined) return [];
  return namesMatchHost(leaf.extensions.subjectAltNames ?? [], host)
    ? []
    : [{ code: "HOST_MISMATCH", detail: host, index: 0 }];
}

/** RFC 5280 section 6.1.4 (l) and (m): self-issued intermediates are not counted, and the leaf is none. */
function checkPathLengths(path: readonly Certificate[], maxDepth: number | undefined): readonly PlacedFinding[] {
  const findings: PlacedFinding[] = [];
  let below = 0;
  for (const [index, certificate] of path.entries()) {
    if (index === 0) continue;
    const limit = certificate.extensions.basicConstraints?.pathLength;
    if (limit !== undefined && below > limit) {
      findings.push({ code: "PATH_LENGTH_EXCEEDED", detail: `${String(below)} where ${String(limit)} may be`, index });
    }
    if (!isSelfIssued(certificate)) below++;
    // The anchor is no intermediate, though it may be one by its name.
    if (maxDepth !== undefined && below > maxDepth && index < path.length - 1) {
      findings.push({ code: "CHAIN_TOO_DEEP", detail: `${String(below)} where ${String(maxDepth)} may be`, index });
    }
  }
  return findings;
}

function checkRevocations(
  { certificates }: CandidatePath,
  { checkRevocation }: PathExpectations,
): readonly PlacedFinding[] {
  return certificates.flatMap((certificate, index) => {
    const issuer = certificates[index + 1];
    return issuer === undefined ? [] : place(index, checkRevocation(certificate, issuer, index === 0));
  });
}

function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
