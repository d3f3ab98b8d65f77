/** A server, or a proxy, wants to know who is there by a certificate. */
export interface IdentityQuestion {
  /** Who asks: `https://host:port`. */
  readonly origin: string;
  readonly role: "server" | "proxy";
  /** Names of the authorities whose certificates it takes; empty where it names none. Text of the server. */
  readonly authorities: readonly string[];
  /** Certificates that could be sent. */
  readonly identities: readonly OfferedIdentity[];
  /** Whether the answer can be remembered for this origin. */
  readonly canRemember: boolean;
}

/** A client certificate that could be sent. */
export interface OfferedIdentity {
  /** SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly notBefore?: string | undefined;
  readonly notAfter: string;
}
