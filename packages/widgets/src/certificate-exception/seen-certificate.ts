/** The certificate that a host showed before, as the host application remembers it. */
export interface SeenCertificate {
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  /** `publicKeyPin` of its facts. */
  readonly publicKeyPin: string;
  /** When it was last seen, in milliseconds since the epoch. */
  readonly lastSeen: number;
  /** Whether verification accepted it then. */
  readonly wasVerified: boolean;
}
