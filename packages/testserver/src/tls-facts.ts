/** What the server learned from a TLS handshake. */
export interface TlsFacts {
  /** Whether the client resumed a session (RFC 8446 section 2.2). */
  readonly sessionReused: boolean;
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string | null;
  /** OpenSSL's name of the cipher suite. */
  readonly cipher: string;
  /** Server Name Indication (RFC 6066 section 3); `undefined` when the client sent none. */
  readonly serverName: string | undefined;
  /** The protocol agreed by ALPN (RFC 7301); `undefined` when there was none. */
  readonly alpn: string | undefined;
  /** Bytes that came with the client's first flight, so far; only some services take any. */
  readonly earlyBytes: number;
  /** SHA-256 of the client's certificate as pairs of digits joined by colons; `undefined` when it sent none. */
  readonly clientCertificate: string | undefined;
}
