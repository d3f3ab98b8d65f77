/** Certificates for tests, minted in memory. */
export {
  mintAuthority,
  mintCertificate,
  type Authority,
  type AuthorityOptions,
  type CertificateOptions,
  type MintedIdentity,
  type Validity,
} from "./authority.ts";
