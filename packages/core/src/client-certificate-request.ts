/** Kinds of keys that certificates hold. */
export type KeyType = "rsa" | "ec" | "ed25519" | "ed448";

/** What a server says about the client certificate that it wants. RFC 8446 section 4.3.2. */
export interface ClientCertificateRequest {
  /** Names of authorities that the server trusts, DER; empty when it does not say. */
  readonly authorities: readonly Uint8Array[];
  /** Kinds of keys whose signatures it takes; empty when it does not say. */
  readonly keyTypes: readonly KeyType[];
}
