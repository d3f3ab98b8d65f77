/** Certificates: what they say, and whether they can be trusted. */
export { type PathQuestion, type PathVerdict, parseCertificate, verifyPath } from "./path/verify-path.ts";
export {
  type CertificateFacts,
  describeCertificate,
  formatCertificate,
  type NameConstraintFacts,
} from "./describe-certificate.ts";
export { describeDistinguishedName } from "./describe-name.ts";
export { publicKeyPin } from "./public-key-pin.ts";
export { type Pkcs12Contents, readPkcs12 } from "./pkcs12/read-pkcs12.ts";
export { readCertificates } from "./read-certificates.ts";
export type { SignedTimestamp } from "./signed-timestamps.ts";
export { anchorSet } from "./path/anchor-set.ts";
export { verifyWithNode } from "./path/node-signatures.ts";
export type { Certificate } from "./path/protocol/certificate.ts";
export type { CertificateExtensions } from "./path/protocol/certificate-extensions.ts";
export type { DistinguishedName } from "./path/protocol/distinguished-name.ts";
export type { GeneralName } from "./path/protocol/general-name.ts";
export { namesMatchHost } from "./path/protocol/host-name.ts";
export type { ResponseVerdict, RevocationReason } from "./path/protocol/ocsp-response.ts";
export {
  type Anchors,
  defaultPathLimits,
  type PathLimits,
  type SignatureCheck,
  type VerifySignature,
} from "./path/protocol/path-builder.ts";
export type { PathProfile } from "./path/protocol/path-validation.ts";
export type { Purpose } from "./path/protocol/extended-key-usage.ts";
export { type PathProblem, type PathProblemCode, pathProblems, type ProblemFamily } from "./path/protocol/problems.ts";
export type { RevocationEvidence } from "./path/protocol/revocation.ts";
