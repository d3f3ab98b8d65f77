import type { ClientCertificateRequest } from "@fairlead/core";
import type { TlsTrust } from "./certificates/trust.ts";

/** A certificate and the key that belongs to it. */
export interface TlsIdentity {
  /** PEM, leaf first, then its intermediates. */
  readonly certificate: string;
  /** PEM. Never logged, stored or hashed. */
  readonly privateKey: string;
  /** What a server staples for clients that ask: an OCSP response, DER. RFC 6066 section 8. */
  readonly ocspResponse?: Uint8Array | undefined;
}

/** A key that both sides know beforehand. RFC 8446 section 4.2.11; RFC 4279 for TLS 1.2. */
export interface TlsPsk {
  /** Tells the server which key; sent in the clear. At most 128 bytes as UTF-8. */
  readonly identity: string;
  /** Never logged or stored. 16 to 64 bytes. */
  readonly key: Uint8Array;
}

/** What is lost is in the name. */
export interface TlsDangerousOptions {
  /**
   * The server can be anybody; only for a client. `authorized` and `authorizationError` still tell what verification
   * found.
   */
  readonly acceptAnyCertificate?: boolean;
  /** Takes the secrets of the connection, one line of an SSLKEYLOGFILE each, without line end. Must not throw. */
  readonly onKeyLog?: (line: string) => void;
}

/** Which certificates of clients a server lets in. */
export interface ClientCertificatePolicy {
  readonly trust: TlsTrust;
  /** Whether a client without one is refused. */
  readonly required: boolean;
}

/** Chooses what is shown to a server that asks for a certificate; `undefined` shows none. */
export type OnClientCertificateRequest = (
  request: ClientCertificateRequest,
  signal: AbortSignal,
) => TlsIdentity | undefined | Promise<TlsIdentity | undefined>;
