import type { X509Certificate } from "node:crypto";
import type { DatagramPath } from "@fairlead/transport";
import type { TlsTrust } from "../certificates/trust.ts";
import type {
  ClientCertificatePolicy,
  OnClientCertificateRequest,
  TlsDangerousOptions,
  TlsIdentity,
  TlsPsk,
} from "../credentials.ts";
import type { TlsIntermediates } from "../intermediates/issuer-sources.ts";
import type { OnCertificateError } from "../verdict/certificate-question.ts";
import type { Clock } from "./clock.ts";
import type { DtlsCipherSuite } from "./cipher-suites.ts";
import type { ClientHello } from "./protocol/client-hello.ts";

/**
 * The part of a TLS backend that secures datagrams: DTLS 1.2. DTLS 1.3 (RFC 9147) and connection identifiers (RFC 9146)
 * are not offered: no library here has them.
 */
export interface DtlsBackend {
  /**
   * Secures `below` as the client. On success the result owns `below`; on failure `below` is closed.
   *
   * Verified by default: chain, dates and `host` (RFC 9525); or by the key that both know.
   *
   * @throws TlsError; TimeoutError with phase `secure`; TransportError STREAM_CLOSED when `below` is closed; UsageError
   * OPTION_INVALID; or the signal's reason.
   */
  connectDatagram(below: DatagramPath, options: DtlsConnectOptions): Promise<DtlsSocket>;
  /**
   * Secures `below` as the server, after the client has shown that it receives what is sent to its address: until then
   * nothing is kept, and nothing is sent that is larger than what came. Many peers on one socket: `dtlsEndpoint`.
   */
  acceptDatagram(below: DatagramPath, options: DtlsAcceptOptions): Promise<DtlsSocket>;
}

interface DtlsCommonOptions {
  /** Offered (client) or accepted (server) in this order. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Those offered or accepted, best first; by default all of `dtlsCipherSuites` that the credentials allow. */
  readonly cipherSuites?: readonly DtlsCipherSuite[] | undefined;
  /** Bytes of the largest datagram; what the path below takes by default. 256 at least. */
  readonly mtu?: number | undefined;
  /** The whole handshake has to be over by then, not counting the time that questions take; a minute by default. */
  readonly timeoutMilliseconds?: number | undefined;
  /** The first wait for an answer, doubled each time; 1,000 by default. RFC 6347 section 4.2.4.1. */
  readonly retransmissionMilliseconds?: number | undefined;
  /** Gives up the handshake. Has no effect once it is over. */
  readonly signal?: AbortSignal | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** What a client asks for. */
export interface DtlsConnectOptions extends DtlsCommonOptions {
  /** Host name (A-labels) or IP literal (without brackets) that the certificate must be for. */
  readonly host: string;
  /** Server Name Indication; `host` by default, and none when `host` is an IP literal (RFC 6066 section 3). */
  readonly serverName?: string | undefined;
  readonly trust?: TlsTrust | undefined;
  /** Where issuers are found that the server does not send; nowhere by default. The deadline stands still meanwhile. */
  readonly intermediates?: TlsIntermediates | undefined;
  /** As in `TlsConnectOptions`; what it throws ends the handshake. */
  readonly onCertificateError?: OnCertificateError | undefined;
  /** What is shown when the server asks; `null` shows nothing, and answers `onClientCertificate` beforehand. */
  readonly identity?: TlsIdentity | null | undefined;
  /**
   * As in `TlsConnectOptions`, in the way that the library has: asked inside the handshake (`openssl`), or the error that
   * ends it says what was asked for (`gnutls`).
   */
  readonly onClientCertificate?: OnClientCertificateRequest | undefined;
  /**
   * Authenticates both sides instead of certificates, which are then not offered at all. 1 to 64 bytes are taken: small
   * devices have shorter keys than they should.
   */
  readonly psk?: TlsPsk | undefined;
  readonly dangerous?: Pick<TlsDangerousOptions, "acceptAnyCertificate"> | undefined;
  /**
   * Session to resume, as `onSession` gave it, under the rules of `TlsConnectOptions.session`: the caller answers for
   * offering it only where the same anchors are trusted. One that cannot be used, or that the server refuses, leads to a
   * full handshake with every check. Not with `psk`, which costs no less resumed.
   */
  readonly session?: Uint8Array | undefined;
  /**
   * Called once, when the handshake was a full one, the server was verified by its certificate, and it gives a session
   * that can be resumed later. The bytes are a secret. Must not throw.
   */
  readonly onSession?: ((session: Uint8Array) => void) | undefined;
}

/** What a server offers: a certificate, keys that it shares with its clients, or both. */
export interface DtlsAcceptOptions extends DtlsCommonOptions {
  readonly identity?: TlsIdentity | undefined;
  /**
   * Gives the key of an identity, or `undefined` for one that is unknown. Asked from inside the handshake, so it answers
   * at once; what it throws refuses the client.
   */
  readonly psk?: ((identity: string) => Uint8Array | undefined) | undefined;
  /** Asks clients for a certificate, and lets nobody in whose certificate is not for these anchors; not with a key. */
  readonly clientCertificates?: ClientCertificatePolicy | undefined;
  /**
   * 48 bytes that encrypt tickets; sharing them lets processes resume each other's sessions. Random by default. Tickets
   * are given only by a server that has neither `psk` nor `clientCertificates`: who proves itself does so each time.
   */
  readonly ticketKeys?: Uint8Array | undefined;
  /** The ClientHello that the handshake begins with, where the client's address was verified already. */
  readonly verified?: VerifiedHello | undefined;
}

/** A datagram with a ClientHello whose cookie was valid. */
export interface VerifiedHello {
  readonly datagram: Uint8Array;
  readonly hello: ClientHello;
}

/**
 * A secured datagram path. `mtu` is the largest payload, which is less than that of the path below. What is not
 * authentic, or was here before, is dropped without a word. `close` says close_notify; the peer's closes the path.
 */
export interface DtlsSocket extends DatagramPath {
  readonly encrypted: true;
  /** Whether the peer's certificate was verified, or it has shown that it knows the key. */
  readonly authorized: boolean;
  /** A `TlsError` when the peer was let in unverified. */
  readonly authorizationError: Error | undefined;
  readonly alpnProtocol: string | undefined;
  /** Whether an earlier session was resumed; the chain was verified when that began. */
  readonly resumed: boolean;
  /** `DTLSv1.2` */
  readonly protocol: string;
  /** Registered name of the cipher suite. */
  readonly cipherSuite: string;
  /** Whose key was used; `undefined` with certificates. */
  readonly pskIdentity: string | undefined;
  readonly peerCertificate: X509Certificate | undefined;
  /** Keys for other protocols. RFC 5705. */
  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer;
}
