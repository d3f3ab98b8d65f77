import type { ShownCertificateProblem } from "../../certificate-viewer/shown-certificate.ts";

/** Why there can be no exception, whatever a person wants. */
export type ExceptionBarrier = "hsts" | "revoked" | "pinned" | "unreadable";

/** What a question about an exception is asked about. */
export interface ExceptionSubject {
  /** Whether the host is known to use HSTS. RFC 6797 section 12.1. */
  readonly hsts: boolean;
  readonly problems: readonly Pick<ShownCertificateProblem, "code">[];
  /** SHA-256 of the leaf; `undefined` where there is none that an exception could be for. */
  readonly fingerprint: string | undefined;
}

/** Finds what rules an exception out: the promise of the host comes first, since nothing can be done about it here. */
export function exceptionBarrier({ hsts, problems, fingerprint }: ExceptionSubject): ExceptionBarrier | undefined {
  const has = (code: string): boolean => problems.some((problem) => problem.code === code);
  if (hsts) return "hsts";
  if (has("REVOKED")) return "revoked";
  if (has("PIN_MISMATCH")) return "pinned";
  return fingerprint === undefined || has("CERTIFICATE_MALFORMED") ? "unreadable" : undefined;
}
