import type { TlsIdentity, TlsPsk } from "../credentials.ts";
import type { EngineClientCertificates, TlsEngine } from "../engine/engine.ts";
import type { VerifiedHello } from "./contract.ts";
import type { DtlsCipherSuite } from "./cipher-suites.ts";

/**
 * One side of one DTLS association without I/O: datagrams in, datagrams out. A driver feeds what arrives, sends what `take`
 * gives, and comes back when a flight has to be sent once more: the library knows when, the driver has the timer.
 *
 * Every method but `close` throws `EngineFailure` when the association cannot go on; the alert that tells the peer is
 * then among what `take` gives. What is not authentic, replayed or makes no sense is no reason.
 */
export interface DatagramEngine
  extends Pick<
    TlsEngine,
    | "admit"
    | "refuse"
    | "clientCertificateRequest"
    | "identify"
    | "end"
    | "peerChain"
    | "verification"
    | "exportKeyingMaterial"
    | "sessions"
    | "close"
  > {
  /** Takes one datagram from the peer. It is kept until it has been read, and must not change. */
  feed(datagram: Uint8Array): void;
  /** Datagrams for the peer, each of `mtu` bytes at most, owned by the caller. */
  take(): readonly Uint8Array[];
  /**
   * Goes on with the handshake: reads what was fed, and sends the last flight once more if that is due. On a client
   * `need-verdict` comes once when the server has shown its certificate, and waits for `admit` or `refuse`. A server
   * refuses clients whose chain the library finds bad by itself; the others may be refused after it is `done`.
   * `need-identity` comes when the server, which was let in, wants a certificate and the options ask for the question.
   */
  handshake(): "done" | "need-data" | "need-verdict" | "need-identity";
  /** Milliseconds until the last flight is to be sent once more; `undefined` when it need not be. */
  retransmissionDue(): number | undefined;
  /** Encrypts one datagram of `maxPayloadBytes` at most. */
  send(bytes: Uint8Array): void;
  /** The next datagram's plaintext, owned by the caller. `end` is the peer's close_notify. */
  receive(): Buffer | "need-data" | "end";
  /** What both sides agreed on. Only after the handshake. */
  facts(): DatagramEngineFacts;
}

/** What both sides agreed on. */
export interface DatagramEngineFacts {
  readonly version: string;
  /** Registered name. */
  readonly cipherSuite: string;
  readonly alpnProtocol: string | undefined;
  readonly pskIdentity: string | undefined;
  readonly resumed: boolean;
  readonly maxPayloadBytes: number;
  /** What protection adds to each record, beside its header: nonce and tag. */
  readonly overheadBytes: number;
}

/** A library that makes datagram engines. */
export interface DatagramEngineLibrary {
  /** @throws UsageError OPTION_INVALID; TlsError TLS_OPTION_UNSUPPORTED. */
  client(options: DatagramClientOptions): DatagramEngine;
  /** @throws UsageError OPTION_INVALID; TlsError TLS_OPTION_UNSUPPORTED. */
  server(options: DatagramServerOptions): DatagramEngine;
}

interface DatagramCommonOptions {
  readonly alpnProtocols: readonly string[];
  /** At least one, and only those that the credentials allow. */
  readonly cipherSuites: readonly DtlsCipherSuite[];
  readonly mtu: number;
  /** The first wait for an answer to a flight. */
  readonly retransmissionMilliseconds: number;
}

/** What a client asks for; all of it checked. */
export interface DatagramClientOptions extends DatagramCommonOptions {
  /** What the certificate must be for: a name without trailing dot, or an IP literal without zone. */
  readonly host: string;
  readonly serverName: string | undefined;
  /** PEM, each readable; none with a key. */
  readonly anchors: readonly string[];
  readonly identity: TlsIdentity | undefined;
  /** Has a request for a client certificate answered by `need-identity`, or end as `client-certificate-requested`. */
  readonly asksForIdentity: boolean;
  readonly psk: TlsPsk | undefined;
  /** In the library's own format; none with a key. */
  readonly session: Uint8Array | undefined;
}

/** Whether a server gives sessions that can be resumed. */
export type DatagramTickets =
  | { readonly type: "none" }
  /** `keys`: 48 bytes; `undefined` for random ones. */
  | { readonly type: "given"; readonly keys: Uint8Array | undefined };

/** What a server offers; all of it checked. */
export interface DatagramServerOptions extends DatagramCommonOptions {
  readonly identity: TlsIdentity | undefined;
  /** `undefined` for an identity that is unknown. Does not throw. */
  readonly psk: ((identity: string) => Uint8Array | undefined) | undefined;
  readonly clientCertificates: EngineClientCertificates | undefined;
  readonly tickets: DatagramTickets;
  /** What the handshake begins with. The engine is fed with its datagram. */
  readonly verified: VerifiedHello;
}
