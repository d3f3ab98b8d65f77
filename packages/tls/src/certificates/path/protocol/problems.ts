import { type CertificateProblem, type CertificateProblemCode, certificateProblemCodes } from "@fairlead/core";

/**
 * Which rule a problem breaks. `path`: validation itself (RFC 5280 section 6, RFC 9525), and keys and hashes that are
 * too weak. `form`: what RFC 5280 section 4 asks of issuers. `baseline`: what the CA/Browser Forum asks of issuers
 * whose roots browsers trust.
 */
export type ProblemFamily = "path" | "form" | "baseline";

/** Every problem that a path can have, and which kind of rule it breaks. What each means is in the error reference. */
export const pathProblems = {
  CERTIFICATE_MALFORMED: "path",
  EXTENSION_MALFORMED: "path",
  EXTENSION_UNKNOWN: "path",
  ISSUER_UNKNOWN: "path",
  ROOT_UNTRUSTED: "path",
  SIGNATURE_INVALID: "path",
  SIGNATURE_WEAK: "path",
  SIGNATURE_ALGORITHM_MISMATCH: "path",
  KEY_WEAK: "path",
  NOT_YET_VALID: "path",
  EXPIRED: "path",
  NOT_A_CA: "path",
  KEY_USAGE_FORBIDS_SIGNING: "path",
  KEY_USAGE_UNSUITABLE: "path",
  PURPOSE_FORBIDDEN: "path",
  PATH_LENGTH_EXCEEDED: "path",
  CHAIN_TOO_DEEP: "path",
  NAME_EXCLUDED: "path",
  NAME_NOT_PERMITTED: "path",
  NAME_FORM_UNSUPPORTED: "path",
  NAME_CONSTRAINTS_MALFORMED: "path",
  NAME_CONSTRAINTS_TOO_COSTLY: "path",
  NAME_MALFORMED: "path",
  HOST_MISMATCH: "path",
  POLICY_MISSING: "path",
  REVOKED: "path",
  REVOCATION_UNKNOWN: "path",
  REVOCATION_LIST_INVALID: "path",
  WORK_LIMIT_REACHED: "path",
  SERIAL_NUMBER_INVALID: "form",
  NAME_EMPTY: "form",
  NAME_NOT_PREFERRED: "form",
  KEY_IDENTIFIER_MISSING: "form",
  CRITICALITY_WRONG: "form",
  CA_FIELDS_CONTRADICT: "form",
  NAME_CONSTRAINTS_IN_LEAF: "form",
  NAME_CONSTRAINTS_NOT_CRITICAL: "form",
  INFORMATION_ACCESS_MALFORMED: "form",
  BASELINE_VERSION: "baseline",
  BASELINE_KEY_IDENTIFIER: "baseline",
  BASELINE_COMMON_NAME: "baseline",
  BASELINE_PURPOSE: "baseline",
  BASELINE_LEAF_IS_CA: "baseline",
  BASELINE_KEY_SIZE: "baseline",
  BASELINE_NAMES_CRITICAL: "baseline",
  BASELINE_PUBLIC_SUFFIX: "baseline",
  STAPLE_REQUIRED: "path",
} as const satisfies Partial<Record<CertificateProblemCode, ProblemFamily>>;

/** The name of a problem. */
export type PathProblemCode = keyof typeof pathProblems;

/** What a rule found in one certificate. */
export interface Finding {
  readonly code: PathProblemCode;
  /** One clause about this occurrence; may quote the certificate, escaped. */
  readonly detail?: string | undefined;
}

/** One reason why a path is refused. */
export interface PathProblem extends CertificateProblem {
  readonly code: PathProblemCode;
  readonly family: ProblemFamily;
}

/** Makes the problem of a finding. `subject` is escaped here. */
export function pathProblem({ code, detail }: Finding, index: number, subject: string): PathProblem {
  const { what, remedy } = certificateProblemCodes[code];
  const shown = printable(subject);
  const message = detail === undefined ? what : `${what}: ${detail}`;
  return { code, family: pathProblems[code], certificate: { index, subject: shown }, detail, message, remedy };
}

/** The peer's text as printable ASCII, and of long text the beginning: it cannot forge a line in a log. */
export function printable(text: string): string {
  // Cut first: what is long is not worth escaping whole.
  const escaped = text
    .slice(0, maxTextLength)
    .replace(/[^\x20-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return text.length > maxTextLength ? `${escaped}…` : escaped;
}

const maxTextLength = 200;
