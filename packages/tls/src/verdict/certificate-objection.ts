import { X509Certificate } from "node:crypto";
import {
  type CertificateProblem,
  type CertificateProblemCode,
  certificateProblemCodes,
  TlsError,
  type TlsErrorCode,
} from "@fairlead/core";
import { describeCertificateNames } from "../certificates/certificate-names.ts";
import { verificationError } from "../certificates/verification-error.ts";

/** Whose certificates were refused. */
export interface ObjectionPlace {
  readonly host: string | undefined;
  readonly peer: string | undefined;
  /** DER. */
  readonly leaf: Uint8Array;
}

/**
 * Makes one error of all problems of a chain. Its code and text are those of the problem that says most: a revocation,
 * then a path to nowhere, then dates, then the host, then everything else.
 */
export function certificateObjection(problems: readonly CertificateProblem[], place: ObjectionPlace): TlsError {
  const [first] = [...problems].sort((a, b) => weight(a.code) - weight(b.code));
  const facts = { peer: place.peer, operation: "secure", problems };
  if (first === undefined) return new TlsError("CERTIFICATE_INVALID", facts);
  const code = errorCode(first);
  const others = problems.filter((each) => each !== first).map((each) => each.code);
  const more = others.length === 0 ? "" : `; besides ${[...new Set(others)].join(", ")}`;
  return new TlsError(code, {
    ...facts,
    detail: `${describe(first, code, place)}${more}`,
    remedy: remedy(first, code),
  });
}

/** Makes the error of a verdict that only the library came to. */
export function libraryObjection(code: string, { peer, leaf }: ObjectionPlace): TlsError {
  const problem = problemOf("REFUSED_BY_LIBRARY", code);
  const facts = { peer, operation: "secure", problems: [problem] };
  const named = verificationError(code, readable(leaf), facts);
  return named ?? new TlsError("CERTIFICATE_INVALID", { ...facts, detail: problem.message });
}

/** A problem of the chain as a whole, placed on its leaf. */
export function problemOf(code: CertificateProblemCode, detail?: string): CertificateProblem {
  const { what, remedy } = certificateProblemCodes[code];
  const message = detail === undefined ? what : `${what}: ${detail}`;
  return { code, certificate: { index: 0, subject: "" }, detail, message, remedy };
}

/** From the one that says most; what is not here comes last, and is CERTIFICATE_INVALID. */
const errorCodes: ReadonlyMap<CertificateProblemCode, TlsErrorCode> = new Map([
  ["REVOKED", "CERTIFICATE_REVOKED"],
  ["ISSUER_UNKNOWN", "CERTIFICATE_ISSUER_UNKNOWN"],
  ["ROOT_UNTRUSTED", "CERTIFICATE_ISSUER_UNKNOWN"],
  ["EXPIRED", "CERTIFICATE_EXPIRED"],
  ["NOT_YET_VALID", "CERTIFICATE_NOT_YET_VALID"],
  ["HOST_MISMATCH", "CERTIFICATE_HOST_MISMATCH"],
] as const);

function weight(code: CertificateProblemCode): number {
  const place = [...errorCodes.keys()].indexOf(code);
  return place === -1 ? errorCodes.size : place;
}

function errorCode({ code, certificate }: CertificateProblem): TlsErrorCode {
  // The root is the leaf: nobody else vouches for it.
  if (code === "ROOT_UNTRUSTED" && certificate.index === 0) return "CERTIFICATE_SELF_SIGNED";
  return errorCodes.get(code) ?? "CERTIFICATE_INVALID";
}

/** The code's own remedy, unless another certificate than the server's is at fault, or the code says too little. */
function remedy(problem: CertificateProblem, code: TlsErrorCode): string | undefined {
  return problem.certificate.index === 0 && code !== "CERTIFICATE_INVALID" ? undefined : problem.remedy;
}

function describe(
  problem: CertificateProblem,
  code: TlsErrorCode,
  { host = "this host", leaf }: ObjectionPlace,
): string {
  const { certificate, detail, message } = problem;
  const subject = certificate.index === 0 ? "" : `the issuer ${certificate.subject}: `;
  if (problem.code === "HOST_MISMATCH") {
    const readableLeaf = readable(leaf);
    return readableLeaf === undefined ? host : `${host}: ${describeCertificateNames(readableLeaf)}`;
  }
  // The error's own text says the rest.
  const says = code === "CERTIFICATE_INVALID" || problem.code === "ROOT_UNTRUSTED" ? message : (detail ?? message);
  return `${subject}${says}`;
}

function readable(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
