import type { Duplex } from "node:stream";
import type { CipherNameAndProtocol, EphemeralKeyInfo } from "node:tls";
import type { X509Certificate } from "node:crypto";
import type { TlsVersion } from "./protocol/version.ts";

/**
 * The TLS contract: a backend is a value that turns a byte stream into a secure one. Backends wrap one library each;
 * nothing above them knows which.
 */
export interface TlsBackend {
  /** Short name for options and transactions: `node`, `gnutls`, `openssl`. */
  readonly name: string;
  /** The library behind it, found at run time. */
  readonly library: { readonly name: string; readonly version: string };
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

export type { TlsVersion } from "./protocol/version.ts";

/** Certificates that a chain may end in. */
export type TlsTrust =
  /** What the runtime trusts: its bundled roots, the system's where Node is told to, and NODE_EXTRA_CA_CERTS. */
  | { readonly type: "default" }
  /** These and no others; PEM, one certificate a string. */
  | { readonly type: "anchors"; readonly certificates: readonly string[] };

/** A certificate and the key that belongs to it. */
export interface TlsIdentity {
  /** PEM, leaf first, then its intermediates. */
  readonly certificate: string;
  /** PEM. Never logged, stored or hashed. */
  readonly privateKey: string;
}

interface TlsCommonOptions {
  /** Offered (client) or accepted (server) in this order. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** TLSv1.2 by default. */
  readonly minVersion?: TlsVersion | undefined;
  /** TLSv1.3 by default. */
  readonly maxVersion?: TlsVersion | undefined;
  /** For error messages: `host:port`. A client's default is `host`. */
  readonly peer?: string | undefined;
  /** Gives up the handshake. Has no effect once it is over. */
  readonly signal?: AbortSignal | undefined;
}

/** What a client asks for. */
export interface TlsConnectOptions extends TlsCommonOptions {
  /** Host name (A-labels) or IP literal (without brackets) that the certificate must be for. */
  readonly host: string;
  /** Server Name Indication; `host` by default, and none when `host` is an IP literal (RFC 6066 section 3). */
  readonly serverName?: string | undefined;
  readonly trust?: TlsTrust | undefined;
  readonly identity?: TlsIdentity | undefined;
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
  readonly dangerous?: TlsDangerousOptions | undefined;
}

/** What is lost is in the name. */
export interface TlsDangerousOptions {
  /** The peer can be anybody. `authorized` and `authorizationError` still tell what verification found. */
  readonly acceptAnyCertificate?: boolean;
}

/** What a server offers. */
export interface TlsAcceptOptions extends TlsCommonOptions {
  readonly identity: TlsIdentity;
  /** 48 bytes that encrypt tickets; sharing them lets processes resume each other's sessions. Random by default. */
  readonly ticketKeys?: Uint8Array | undefined;
}

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
  isSessionReused(): boolean;
  exportKeyingMaterial(length: number, label: string, context?: Buffer): Buffer;
}
