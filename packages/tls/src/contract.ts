import type { Duplex } from "node:stream";
import type { CipherNameAndProtocol, EphemeralKeyInfo } from "node:tls";
import type { X509Certificate } from "node:crypto";
import type { KeyType } from "@fairlead/core";
import type { CertificateQuestion, OnCertificateError } from "./verdict/certificate-question.ts";
import type { StapleVerdict } from "./verdict/staple-verdict.ts";
import type { TlsIntermediates } from "./intermediates/issuer-sources.ts";
import type { TlsTrust } from "./certificates/trust.ts";
import type {
  ClientCertificatePolicy,
  OnClientCertificateRequest,
  TlsDangerousOptions,
  TlsIdentity,
  TlsPsk,
} from "./credentials.ts";
import type { DtlsBackend } from "./datagram/contract.ts";
import type { TlsCapabilities } from "./capabilities/capabilities.ts";
import type { TlsCipher, TlsGroup } from "./protocol/algorithms.ts";
import type { TlsVersion } from "./protocol/version.ts";

/**
 * The TLS contract: a backend is a value that turns a byte stream into a secure one. Backends wrap one library each;
 * nothing above them knows which.
 */
export interface TlsBackend extends Partial<DtlsBackend> {
  /** Short name for options and transactions: `node`, `gnutls`, `openssl`. */
  readonly name: string;
  /** The library behind it, found at run time. */
  readonly library: { readonly name: string; readonly version: string };
  /**
   * What it can do on this machine, as trying it shows: some dozen handshakes in memory when first asked, and none after.
   * Never rejects.
   */
  capabilities(): Promise<TlsCapabilities>;
  /**
   * Secures `below` as the client. On success the socket owns `below`; on failure `below` is destroyed.
   *
   * Verified by default: chain, dates and `host` (RFC 9525).
   *
   * @throws TlsError; TransportError STREAM_CLOSED when `below` is closed already, or the named error it failed with;
   * UsageError OPTION_INVALID; or the signal's reason.
   */
  connect(below: Duplex, options: TlsConnectOptions): Promise<TlsSocket>;
  /** Secures `below` as the server. Ownership as for `connect`. */
  accept(below: Duplex, options: TlsAcceptOptions): Promise<TlsSocket>;
}

export type { ClientCertificateRequest, KeyType } from "@fairlead/core";
export type { TlsCapabilities } from "./capabilities/capabilities.ts";
export type { TlsCipher, TlsGroup } from "./protocol/algorithms.ts";
export type { TlsVersion } from "./protocol/version.ts";

export type { TlsAnchors, TlsPins, TlsTrust } from "./certificates/trust.ts";
export type {
  ClientCertificatePolicy,
  OnClientCertificateRequest,
  TlsDangerousOptions,
  TlsIdentity,
  TlsPsk,
} from "./credentials.ts";

/** What a client tells before the server has to show who it is. */
export interface ClientHelloFacts {
  /** In lower case. Anybody can send any name. RFC 6066 section 3. */
  readonly serverName: string | undefined;
  /** One character per byte. RFC 7301. */
  readonly alpnProtocols: readonly string[];
  /** Kinds of keys whose signatures it takes; empty when it does not say. */
  readonly keyTypes: readonly KeyType[];
}

interface TlsCommonOptions {
  /** Offered (client) or accepted (server) in this order. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** TLSv1.2 by default. */
  readonly minVersion?: TlsVersion | undefined;
  /** TLSv1.3 by default. */
  readonly maxVersion?: TlsVersion | undefined;
  /** Key exchange groups, the preferred first; the library's own choice by default. TLS_OPTION_UNSUPPORTED for others. */
  readonly groups?: readonly TlsGroup[] | undefined;
  /** What may encrypt records, the preferred first; the library's own choice by default. */
  readonly ciphers?: readonly TlsCipher[] | undefined;
  /** For error messages: `host:port`. A client's default is `host`. */
  readonly peer?: string | undefined;
  /** Gives up the handshake. Has no effect once it is over. */
  readonly signal?: AbortSignal | undefined;
  readonly dangerous?: TlsDangerousOptions | undefined;
}

/** What a client asks for. */
export interface TlsConnectOptions extends TlsCommonOptions {
  /** Host name (A-labels) or IP literal (without brackets) that the certificate must be for. */
  readonly host: string;
  /** Server Name Indication; `host` by default, and none when `host` is an IP literal (RFC 6066 section 3). */
  readonly serverName?: string | undefined;
  readonly trust?: TlsTrust | undefined;
  /**
   * What is known about revocation, beside the response that the server staples. Nothing is fetched. `session` is not
   * offered where this is given: a resumed session would skip it.
   */
  readonly revocation?: TlsRevocation | undefined;
  /** Where issuers are found that the server does not send; nowhere by default. */
  readonly intermediates?: TlsIntermediates | undefined;
  /**
   * Asked inside the handshake when the server's certificates are refused, with all that is wrong. Not asked under
   * `dangerous.acceptAnyCertificate`.
   */
  readonly onCertificateError?: OnCertificateError | undefined;
  /** What is shown when the server asks; `null` shows nothing, and answers `onClientCertificate` beforehand. */
  readonly identity?: TlsIdentity | null | undefined;
  /**
   * Session to resume, as `onSession` gave it. A resumed session skips the check of the chain, so the caller answers
   * for offering it only where the same anchors are trusted (`ticketBinding`). The host is checked even then. One that
   * cannot be used, or that the server refuses, leads to a full handshake with every check.
   */
  readonly session?: Uint8Array | undefined;
  /**
   * Called for each session that can be resumed later, also after the handshake, and only when the peer was verified.
   * The bytes are a secret. Must not throw.
   */
  readonly onSession?: ((session: Uint8Array) => void) | undefined;
  /**
   * Wanted when the server asks for a client certificate and `identity` is not given; `undefined` sends none. Only this
   * connection waits; what it throws ends it. It is never asked before the server was verified.
   *
   * There are two ways, and a backend has one of them. With the feature `client-certificate-question` (`openssl`) it is
   * asked inside the handshake. With `client-certificate-restart` (`gnutls`, whose handshake cannot wait at this point) it
   * is not called: the connection ends, `connect` rejects with TlsError CLIENT_CERTIFICATE_REQUIRED, and the error's
   * `clientCertificateRequest` is what it would have been asked. The caller asks, and connects again with that `identity`,
   * or with `null` to go on without; a server that does not insist lets it in then.
   */
  readonly onClientCertificate?: OnClientCertificateRequest | undefined;
  /**
   * Authenticates both sides by a shared key instead of certificates. A server that does not know the key may show a
   * certificate: `node` and `openssl` judge it as ever, and go on with a server that may be let in; `gnutls` refuses it.
   * Whether it was the key: `pskIdentity`, or there is no certificate.
   */
  readonly psk?: TlsPsk | undefined;
  /**
   * Lets what is written before the handshake is over go with its first flight, where `session` allows it: the promise
   * resolves at once then. A replay of such bytes cannot be excluded, and if the server rejects them they are sent again
   * after the handshake. RFC 8446 section 2.3; for HTTP see RFC 8470.
   */
  readonly earlyData?: boolean | undefined;
}

/** What a client knows about revocation. */
export interface TlsRevocation {
  /** Certificate revocation lists in DER. One that its issuer signed and that cannot be used is a problem. */
  readonly lists?: readonly Uint8Array[] | undefined;
  /** Whether every certificate but the anchor must be shown to be good, by a list or the stapled response. */
  readonly required?: boolean | undefined;
}

export type { CertificateQuestion, OnCertificateError, StapleVerdict };
export type { IssuerSourceName, TlsIntermediates } from "./intermediates/issuer-sources.ts";
export type { IntermediateMemory, LearnedIntermediate } from "./intermediates/intermediate-memory.ts";
export type { FetchIssuer, IssuerFetcherOptions } from "./intermediates/fetch-issuer.ts";

/** What a server offers. */
export interface TlsAcceptOptions extends TlsCommonOptions {
  /**
   * Who the server is, or a question that is asked for each connection when the ClientHello has been read: see
   * {@link IdentityQuestion}. Left out only with `psk`.
   */
  readonly identity?: TlsIdentity | IdentityQuestion | undefined;
  /** Asks clients for a certificate, and lets nobody in whose certificate is not for these anchors. */
  readonly clientCertificates?: ClientCertificatePolicy | undefined;
  /** Keys that clients may be known by, 16 to 64 bytes; `undefined`, or any other length, refuses the identity. */
  readonly psk?: ((identity: string) => Uint8Array | undefined) | undefined;
  /** Takes data of the first flight. See `TlsSocket.earlyBytes` for what has to be kept in mind. */
  readonly earlyData?: { readonly maxBytes: number } | undefined;
  /** 48 bytes that encrypt tickets; sharing them lets processes resume each other's sessions. Random by default. */
  readonly ticketKeys?: Uint8Array | undefined;
}

/**
 * Who the server is for this client. Only its connection waits, for as long as the caller's own signal lets it; what the
 * answer throws ends it (alert `handshake_failure`), and so does `undefined`, for a name that is nobody's here (alert
 * `unrecognized_name`, TlsError TLS_SERVER_NAME_UNKNOWN). The signal ends with the connection.
 *
 * @example
 * const identity = async ({ serverName }, signal) => identities.get(serverName) ?? (await load(serverName, { signal }));
 */
export type IdentityQuestion = (
  hello: ClientHelloFacts,
  signal: AbortSignal,
) => TlsIdentity | undefined | Promise<TlsIdentity | undefined>;

/**
 * A secure byte stream with the part of `tls.TLSSocket`'s surface that other libraries read. What the TLS library
 * reports after the handshake arrives as an `error` event with a `TlsError` (a client certificate is refused only then
 * by TLS 1.3); the stream's own errors (`ECONNRESET`) arrive as they are.
 */
export interface TlsSocket extends Duplex {
  readonly encrypted: true;
  /** Whether the peer's certificate was verified, now or when the resumed session began. */
  readonly authorized: boolean;
  /** A `TlsError` when the peer was let in unverified. */
  readonly authorizationError: Error | null | undefined;
  /** The protocol that both sides chose, or `false`. */
  readonly alpnProtocol: string | false | null;
  getProtocol(): string | null;
  getCipher(): CipherNameAndProtocol;
  getEphemeralKeyInfo(): EphemeralKeyInfo | object | null;
  getPeerX509Certificate(): X509Certificate | undefined;
  /** As the peer sent it, leaf first, DER; empty on a resumed session. */
  getPeerChain(): readonly Uint8Array[];
  /** The OCSP response that the server stapled, DER. */
  readonly stapledOcspResponse: Uint8Array | undefined;
  /**
   * Client: what verification made of that response; `undefined` where nobody looked at one: in a resumed session, with a
   * shared key, or with a pinned key that is accepted alone.
   */
  readonly stapleVerdict: StapleVerdict | undefined;
  /** Client: what became of data in the first flight. */
  readonly earlyData: "none" | "pending" | "accepted" | "rejected";
  /**
   * Server: bytes at the start of the stream that came in the first flight. The library drops replays that it knows of,
   * but they can reach another process that shares the ticket keys.
   */
  readonly earlyBytes: number;
  /** Resolves when the handshake is over, which with early data is after the socket was handed over. */
  readonly handshakeDone: Promise<void>;
  /**
   * Changes the keys of both directions. RFC 8446 section 4.6.3.
   *
   * @throws TlsError TLS_OPTION_UNSUPPORTED where the backend or TLS 1.2 cannot.
   */
  updateKeys(): void;
  /** The shared key that both sides knew, by its identity; `undefined` with none, and where the backend does not tell. */
  readonly pskIdentity?: string | undefined;
  /**
   * TLS 1.2: whether the keys belong to this handshake alone (RFC 7627), as those of TLS 1.3 do; `undefined` where the
   * backend does not tell.
   */
  readonly extendedMasterSecret?: boolean | undefined;
  isSessionReused(): boolean;
  exportKeyingMaterial(length: number, label: string, context?: Buffer): Buffer;
}
