/** What a problem means for the person in front of it, whatever its code. */
export type ProblemKind =
  | "expired"
  | "not-yet-valid"
  | "other-host"
  | "unknown-issuer"
  | "forged"
  | "revoked"
  | "revocation-unknown"
  | "changed-key"
  | "weak"
  | "misused"
  | "malformed";

/** Sorts a problem. What is not known is sorted as malformed: nothing about it can be relied upon. */
export function problemKind(code: string): ProblemKind {
  return kinds.get(code) ?? "malformed";
}

const kinds: ReadonlyMap<string, ProblemKind> = new Map([
  ["EXPIRED", "expired"],
  ["NOT_YET_VALID", "not-yet-valid"],
  ["HOST_MISMATCH", "other-host"],
  ["ISSUER_UNKNOWN", "unknown-issuer"],
  ["ROOT_UNTRUSTED", "unknown-issuer"],
  ["REFUSED_BY_LIBRARY", "unknown-issuer"],
  ["WORK_LIMIT_REACHED", "unknown-issuer"],
  ["CHAIN_TOO_DEEP", "unknown-issuer"],
  ["SIGNATURE_INVALID", "forged"],
  ["REVOKED", "revoked"],
  ["REVOCATION_UNKNOWN", "revocation-unknown"],
  ["REVOCATION_LIST_INVALID", "revocation-unknown"],
  ["STAPLE_REQUIRED", "revocation-unknown"],
  ["PIN_MISMATCH", "changed-key"],
  ["SIGNATURE_WEAK", "weak"],
  ["KEY_WEAK", "weak"],
  ["NOT_A_CA", "misused"],
  ["KEY_USAGE_FORBIDS_SIGNING", "misused"],
  ["KEY_USAGE_UNSUITABLE", "misused"],
  ["PURPOSE_FORBIDDEN", "misused"],
  ["PATH_LENGTH_EXCEEDED", "misused"],
  ["NAME_EXCLUDED", "misused"],
  ["NAME_NOT_PERMITTED", "misused"],
  ["POLICY_MISSING", "misused"],
]);
