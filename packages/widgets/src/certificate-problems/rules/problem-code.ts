/** What can be wrong with a certificate, as `CertificateProblem` of `@fairlead/core` names it. */
export type ProblemCode = (typeof codes)[number];

/** Whether there are sentences for a code. */
export function isProblemCode(text: string): text is ProblemCode {
  return known.has(text);
}

/**
 * Whether the detail of a problem is a quotation: a name, a host, an object identifier. Those of others are clauses in
 * English.
 */
export function isQuoting(code: ProblemCode): boolean {
  return quoting.has(code);
}

const codes = [
  "CERTIFICATE_MALFORMED",
  "EXTENSION_MALFORMED",
  "EXTENSION_UNKNOWN",
  "ISSUER_UNKNOWN",
  "ROOT_UNTRUSTED",
  "SIGNATURE_INVALID",
  "SIGNATURE_WEAK",
  "SIGNATURE_ALGORITHM_MISMATCH",
  "KEY_WEAK",
  "NOT_YET_VALID",
  "EXPIRED",
  "NOT_A_CA",
  "KEY_USAGE_FORBIDS_SIGNING",
  "KEY_USAGE_UNSUITABLE",
  "PURPOSE_FORBIDDEN",
  "PATH_LENGTH_EXCEEDED",
  "CHAIN_TOO_DEEP",
  "NAME_EXCLUDED",
  "NAME_NOT_PERMITTED",
  "NAME_FORM_UNSUPPORTED",
  "NAME_CONSTRAINTS_MALFORMED",
  "NAME_CONSTRAINTS_TOO_COSTLY",
  "NAME_MALFORMED",
  "HOST_MISMATCH",
  "POLICY_MISSING",
  "REVOKED",
  "REVOCATION_UNKNOWN",
  "REVOCATION_LIST_INVALID",
  "WORK_LIMIT_REACHED",
  "SERIAL_NUMBER_INVALID",
  "NAME_EMPTY",
  "NAME_NOT_PREFERRED",
  "KEY_IDENTIFIER_MISSING",
  "CRITICALITY_WRONG",
  "CA_FIELDS_CONTRADICT",
  "NAME_CONSTRAINTS_IN_LEAF",
  "NAME_CONSTRAINTS_NOT_CRITICAL",
  "INFORMATION_ACCESS_MALFORMED",
  "BASELINE_VERSION",
  "BASELINE_KEY_IDENTIFIER",
  "BASELINE_COMMON_NAME",
  "BASELINE_PURPOSE",
  "BASELINE_LEAF_IS_CA",
  "BASELINE_KEY_SIZE",
  "BASELINE_NAMES_CRITICAL",
  "BASELINE_PUBLIC_SUFFIX",
  "STAPLE_REQUIRED",
  "PIN_MISMATCH",
  "REFUSED_BY_LIBRARY",
] as const;

const known: ReadonlySet<string> = new Set(codes);

const quoting: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "EXTENSION_MALFORMED",
  "EXTENSION_UNKNOWN",
  "ISSUER_UNKNOWN",
  "SIGNATURE_WEAK",
  "HOST_MISMATCH",
  "NAME_NOT_PREFERRED",
  "BASELINE_VERSION",
  "BASELINE_COMMON_NAME",
  "BASELINE_PUBLIC_SUFFIX",
  "REFUSED_BY_LIBRARY",
]);
