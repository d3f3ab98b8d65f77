import type { ClientCertificateRequest, TlsIdentity, TlsPsk } from "../contract.ts";
import type { TlsFeature } from "../features.ts";
import type { TlsCipher, TlsGroup } from "../protocol/algorithms.ts";
import type { TlsVersion } from "../protocol/version.ts";
import type { DescriptorOpener } from "./descriptor-carrier.ts";

/**
 * One side of one TLS connection without I/O: bytes in, bytes out. A driver feeds what the stream below delivers, sends
 * what `take` gives, and asks for handshake and plaintext in between; nothing here waits or calls back.
 *
 * Every method but `close` throws {@link EngineFailure} when the connection cannot go on; the alert that tells the peer is
 * then among what `take` gives. After `close` every other method throws a failure of type `library`.
 */
export interface TlsEngine {
  /** Takes bytes from the peer, which may not change before `keepInput`. */
  feed(bytes: Uint8Array): void;
  /** Copies what was fed and is not used up yet; what was fed may change afterwards. */
  keepInput(): void;
  /** The stream below has ended: no more bytes will come. */
  feedEnd(): void;
  /** All bytes for the peer that have accumulated, owned by the caller; `undefined` when there are none. */
  take(): Buffer | undefined;
  /**
   * Takes a buffer of `take` back, or any other that is all of its memory, to be used again: nobody refers to it any more.
   * Also after `close`.
   */
  recycle(bytes: Buffer): void;
  /**
   * Goes on with the handshake. `need-verdict` comes once when the peer has shown its certificate, and waits for `admit`
   * or `refuse`; `need-identity` comes when the server wants a certificate and the options ask for the question, and
   * waits for `identify`. `early`, on a server that takes early data: it may be received and answered while the handshake
   * goes on. Calls before the answer repeat the question.
   */
  handshake(): HandshakeStep;
  /** Lets the peer in, whatever the library thinks of it. */
  admit(): void;
  /** Refuses the peer: the alert is among what `take` gives next, and nothing follows. RFC 8446 section 6.2. */
  refuse(alert: number): void;
  /** What the server wants; only at `need-identity`. */
  clientCertificateRequest(): ClientCertificateRequest;
  /** Answers `need-identity`. @throws UsageError OPTION_INVALID for certificates or keys that do not work. */
  identify(identity: TlsIdentity | undefined): void;
  /** Encrypts all of it. Only after the handshake, or from `early` on. */
  send(bytes: Uint8Array): void;
  /** Some plaintext, at most 64 KiB, owned by the caller. `end` is the peer's close_notify, and nothing follows it. */
  receive(): Buffer | "need-data" | "end";
  /** Says close_notify: nothing more will be sent. */
  end(): void;
  /** What both sides agreed on. Only after the handshake, or from `early` on. */
  facts(): EngineFacts;
  /** The peer's chain as sent, DER; empty when it sent none, or when the session was resumed. */
  peerChain(): readonly Uint8Array[];
  /** OCSP response that the server stapled, DER; not judged. */
  stapledResponse(): Uint8Array | undefined;
  /** Bytes that may go out with the first flight; 0 without a session that allows it. */
  earlyCapacity(): number;
  /** Encrypts for the first flight: before the first `handshake`, and at most `earlyCapacity` bytes in total. */
  sendEarly(bytes: Uint8Array): void;
  /** Changes the keys of both directions; false where the protocol version cannot. RFC 8446 section 4.6.3. */
  updateKeys(): boolean;
  /** Lines for an SSLKEYLOGFILE since the last call. They are secrets. */
  keyLog(): readonly string[];
  /** What verification found, as OpenSSL names it (`CERT_HAS_EXPIRED`); `undefined` when the chain is good. */
  verification(): string | undefined;
  /** Keys for other protocols. Without a context is not the same as with an empty one in TLS 1.2. RFC 5705. */
  exportKeyingMaterial(length: number, label: string, context: Uint8Array | undefined): Buffer;
  /** Sessions that arrived since the last call, in the library's own format. */
  sessions(): readonly EngineSession[];
  /** Frees everything that the library holds for this connection. A second call does nothing. */
  close(): void;
}

/** Where a handshake has got to. */
export type HandshakeStep = "done" | "early" | "need-data" | "need-verdict" | "need-identity";

/** What both sides agreed on. */
export interface EngineFacts {
  readonly version: TlsVersion;
  readonly cipher: { readonly name: string; readonly standardName: string };
  readonly alpnProtocol: string | undefined;
  readonly resumed: boolean;
  /** Name of the key exchange group; `undefined` where the library does not tell. */
  readonly group: string | undefined;
  /** RFC 7627; `undefined` where the library does not tell, and in TLS 1.3. */
  readonly extendedMasterSecret?: boolean | undefined;
  /** The shared key that was used instead of certificates; by its identity. */
  readonly pskIdentity?: string | undefined;
  /** Server: certificate of the client in the session that was resumed, DER. */
  readonly sessionLeaf?: Uint8Array | undefined;
  /** Client: what became of early data; `none` when none was sent. */
  readonly earlyData?: "none" | "accepted" | "rejected" | undefined;
  /** Server: bytes at the start of the plaintext that came early, so far. */
  readonly earlyBytes?: number | undefined;
  /** Of a library that cannot answer at `early`: `send` has to wait for `done`. */
  readonly answersLate?: boolean | undefined;
}

/** A session to resume, as the library wrote it. The bytes are a secret. */
export interface EngineSession {
  readonly bytes: Uint8Array;
  readonly lifetimeSeconds: number;
}

/** A library that makes engines. */
export interface TlsEngineLibrary {
  readonly name: string;
  readonly library: { readonly name: string; readonly version: string };
  /** What its engines honour of the options that not every backend can. */
  readonly features: ReadonlySet<TlsFeature>;
  /** How to reach the descriptors of sockets; without it, all goes through streams. */
  readonly descriptors?: DescriptorOpener | undefined;
  /** @throws UsageError OPTION_INVALID for certificates or keys that do not work. */
  client(options: EngineClientOptions): TlsEngine;
  /** @throws UsageError OPTION_INVALID for certificates or keys that do not work. */
  server(options: EngineServerOptions): TlsEngine;
  /**
   * The same library with a memory of its own for what its connections share, which is empty after `forget`. Trials use
   * it: in the other they would push out what servers go on with.
   */
  readonly apart?: (() => TlsEngineLibrary & { readonly forget: () => void }) | undefined;
}

interface EngineCommonOptions {
  readonly alpnProtocols: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly groups?: readonly TlsGroup[] | undefined;
  readonly ciphers?: readonly TlsCipher[] | undefined;
  readonly keepsKeyLog: boolean;
}

/** What a client asks for; all of it checked. */
export interface EngineClientOptions extends EngineCommonOptions {
  /** What the certificate must be for: a name without trailing dot, or an IP literal without zone. */
  readonly host: string;
  readonly serverName: string | undefined;
  /** PEM, each readable. */
  readonly anchors: readonly string[];
  readonly identity: TlsIdentity | undefined;
  readonly session: Uint8Array | undefined;
  /** Has a request for a client certificate answered by `need-identity`, or end as `client-certificate-requested`. */
  readonly asksForIdentity: boolean;
  readonly psk: TlsPsk | undefined;
  readonly earlyData: boolean;
}

/** What a server offers; all of it checked. */
export interface EngineServerOptions extends EngineCommonOptions {
  readonly identity: TlsIdentity | undefined;
  readonly ticketKeys: Uint8Array | undefined;
  readonly clientCertificates: EngineClientCertificates | undefined;
  readonly psk: ((identity: string) => Uint8Array | undefined) | undefined;
  /** 0 takes none. */
  readonly maxEarlyBytes: number;
}

/** Which client certificates a server asks for. */
export interface EngineClientCertificates {
  /** PEM, each readable. Their names are sent to the client. */
  readonly anchors: readonly string[];
  readonly required: boolean;
  /** Names the rules that clients are let in by: no session is resumed under any others. */
  readonly rules: string;
}

/** Why an engine cannot go on. */
export type EngineFault =
  | { readonly type: "alert-received"; readonly description: number }
  | { readonly type: "certificate"; readonly code: string }
  /** Of a client, to a server that requires one. */
  | { readonly type: "certificate-missing" }
  | { readonly type: "version"; readonly detail: string }
  /** Of a library whose handshake cannot wait for the answer. */
  | { readonly type: "client-certificate-requested"; readonly request: ClientCertificateRequest }
  | { readonly type: "truncated" }
  | { readonly type: "library"; readonly detail: string };

/** Thrown by engines; the driver turns it into a `TlsError`. */
export class EngineFailure extends Error {
  readonly fault: EngineFault;

  constructor(fault: EngineFault) {
    super(`the TLS engine failed: ${JSON.stringify({ ...fault, request: undefined })}`);
    this.fault = fault;
  }

  override get name(): "EngineFailure" {
    return "EngineFailure";
  }
}
