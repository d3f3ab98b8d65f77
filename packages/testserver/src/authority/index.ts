/** Certificates for tests, minted in memory. */
export {
  mintAuthority,
  mintCertificate,
  type Authority,
  type AuthorityOptions,
  type CertificateOptions,
  type MintedIdentity,
} from "./authority.ts";
export {
  mintOcspResponse,
  mintRevocationList,
  type CertificateInQuestion,
  type OcspResponseOptions,
  type RevocationListOptions,
  type Update,
} from "./revocation.ts";
export type { CertificateStatus } from "./protocol/ocsp.ts";
export type { RevokedCertificate } from "./protocol/revocation-list.ts";
export type { Issuer, IssuingOptions, Validity } from "./issue.ts";
export type { KeyPair } from "./key-pair.ts";
export type { KeyAlgorithm } from "./keys.ts";
export type { SignatureHash } from "./protocol/algorithms.ts";
export type { CertificateElements } from "./protocol/certificate-elements.ts";
export type { CertificatePurpose, KeyUsage, NameConstraints } from "./protocol/extensions.ts";
export type { SubjectName } from "./protocol/names.ts";
export type { Signer } from "./signer.ts";
