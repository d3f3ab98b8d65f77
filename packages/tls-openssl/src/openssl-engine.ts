import { isIP } from "node:net";
import type { ClientCertificateRequest } from "@fairlead/tls";
import {
  EngineFailure,
  type EngineFacts,
  type EngineSession,
  type HandshakeStep,
  type Lease,
  type TlsEngine,
} from "@fairlead/tls/engine";
import { addressOf, cString, readBytes, readString, type OpenSsl } from "./library.ts";
import { takeFault } from "./openssl-fault.ts";
import { verificationCode } from "./verification-codes.ts";

/** What is shared by the engines of one binding. */
export interface OpenSslShared {
  readonly openssl: OpenSsl;
  /** Engines that are not closed, by their SSL: how callbacks find them, and how tests count them. */
  readonly live: Map<number, OpenSslEngine>;
  /** Plaintext passes through here; one is enough, because no call of OpenSSL outlives its turn. */
  readonly scratch: Buffer;
}

/** What one connection needs beside its context. */
export interface OpenSslSetup {
  readonly side: "client" | "server";
  readonly alpnProtocols: readonly string[];
  readonly host?: string;
  readonly serverName?: string | undefined;
  readonly session?: Uint8Array | undefined;
}

/** One side of a connection: an SSL with a memory BIO for each direction. */
export class OpenSslEngine implements TlsEngine {
  readonly #shared: OpenSslShared;
  readonly #openssl: OpenSsl;
  readonly #context: Lease<number>;
  readonly #alpnProtocols: readonly string[];
  #ssl: number;
  readonly #input: number;
  readonly #output: number;
  #inputEnded = false;
  /** Found while there was plaintext to hand over first. */
  #failure: EngineFailure | undefined;
  #sessions: EngineSession[] = [];
  /** What OpenSSL's own verification found; `UNSPECIFIED` until it ran. */
  #found: string | undefined = "UNSPECIFIED";
  /** Where the question about the peer has got to; `undefined` before it is asked. */
  #verdict: "asked" | "admitted" | { readonly refusedBy: number } | undefined;

  constructor(shared: OpenSslShared, context: Lease<number>, setup: OpenSslSetup) {
    const { openssl } = shared;
    this.#shared = shared;
    this.#openssl = openssl;
    this.#context = context;
    this.#alpnProtocols = setup.alpnProtocols;
    this.#ssl = openssl.SSL_new(context.value);
    this.#input = openssl.BIO_new(openssl.BIO_s_mem());
    this.#output = openssl.BIO_new(openssl.BIO_s_mem());
    for (const bio of [this.#input, this.#output]) openssl.BIO_ctrl(bio, bioEofReturn, -1, 0);
    openssl.SSL_set_bio(this.#ssl, this.#input, this.#output);
    shared.live.set(this.#ssl, this);
    if (setup.side === "server") openssl.SSL_set_accept_state(this.#ssl);
    else this.#prepareClient(setup);
  }

  feed(bytes: Uint8Array): void {
    this.#requireOpen();
    this.#openssl.BIO_write(this.#input, bytes, bytes.length);
  }

  feedEnd(): void {
    this.#requireOpen();
    this.#inputEnded = true;
    this.#openssl.BIO_ctrl(this.#input, bioEofReturn, 0, 0);
  }

  take(): Buffer | undefined {
    this.#requireOpen();
    const length = this.#openssl.BIO_ctrl_pending(this.#output);
    if (length === 0) return undefined;
    const bytes = Buffer.allocUnsafeSlow(length);
    this.#openssl.BIO_read(this.#output, bytes, length);
    return bytes;
  }

  handshake(): HandshakeStep {
    this.#requireOpen();
    if (this.#verdict === "asked") return "need-verdict";
    this.#openssl.ERR_clear_error();
    const result = this.#openssl.SSL_do_handshake(this.#ssl);
    if (result === 1) return "done";
    const error = this.#openssl.SSL_get_error(this.#ssl, result);
    if (error === wantRead) return "need-data";
    if (error === wantRetryVerify) return "need-verdict";
    throw this.#fail();
  }

  admit(): void {
    this.#requireOpen();
    this.#verdict = "admitted";
  }

  refuse(alert: number): void {
    this.#requireOpen();
    this.#verdict = { refusedBy: alert };
    // It asks again, hears the answer and makes the alert.
    this.#openssl.SSL_do_handshake(this.#ssl);
    this.#openssl.ERR_clear_error();
  }

  clientCertificateRequest(): ClientCertificateRequest {
    return { authorities: [], keyTypes: [] };
  }

  identify(): void {
    throw new EngineFailure({ type: "library", detail: "the certificate was not asked for" });
  }

  stapledResponse(): Uint8Array | undefined {
    return undefined;
  }

  earlyCapacity(): number {
    return 0;
  }

  sendEarly(): void {
    throw new EngineFailure({ type: "library", detail: "early data is not sent" });
  }

  updateKeys(): boolean {
    this.#requireOpen();
    if (readString(this.#openssl.SSL_get_version(this.#ssl)) !== "TLSv1.3") return false;
    this.#openssl.ERR_clear_error();
    if (this.#openssl.SSL_key_update(this.#ssl, updateBoth) !== 1) throw this.#fail();
    // It goes out with the next bytes that are written, or by going on with the handshake.
    if (this.#openssl.SSL_do_handshake(this.#ssl) !== 1) throw this.#fail();
    return true;
  }

  keyLog(): readonly string[] {
    return [];
  }

  send(bytes: Uint8Array): void {
    this.#requireOpen();
    if (bytes.length === 0) return;
    this.#openssl.ERR_clear_error();
    if (this.#openssl.SSL_write(this.#ssl, bytes, bytes.length) !== bytes.length) throw this.#fail();
  }

  receive(): Buffer | "need-data" | "end" {
    this.#requireOpen();
    if (this.#failure !== undefined) throw this.#failure;
    const { scratch } = this.#shared;
    const address = addressOf(scratch);
    let length = 0;
    let end: "need-data" | "end" | undefined;
    while (end === undefined && length + maxRecordBytes <= scratch.length) {
      this.#openssl.ERR_clear_error();
      const result = this.#openssl.SSL_read(this.#ssl, address + length, scratch.length - length);
      if (result > 0) length += result;
      else end = this.#stopReading(this.#openssl.SSL_get_error(this.#ssl, result), length > 0);
    }
    if (length === 0) return end ?? "need-data";
    const plain = Buffer.allocUnsafeSlow(length);
    scratch.copy(plain, 0, 0, length);
    return plain;
  }

  end(): void {
    this.#requireOpen();
    this.#openssl.SSL_shutdown(this.#ssl);
    this.#openssl.ERR_clear_error();
  }

  facts(): EngineFacts {
    this.#requireOpen();
    const openssl = this.#openssl;
    const ssl = this.#ssl;
    const cipher = openssl.SSL_get_current_cipher(ssl);
    const [protocol, protocolLength] = [[0], [0]];
    openssl.SSL_get0_alpn_selected(ssl, protocol, protocolLength);
    const group = openssl.SSL_ctrl(ssl, control.negotiatedGroup, 0, null);
    const groupName = group > 0 ? readString(openssl.SSL_group_to_name(ssl, group)) : "";
    return {
      version: readString(openssl.SSL_get_version(ssl)) === "TLSv1.2" ? "TLSv1.2" : "TLSv1.3",
      cipher: {
        name: readString(openssl.SSL_CIPHER_get_name(cipher)),
        standardName: readString(openssl.SSL_CIPHER_standard_name(cipher)),
      },
      alpnProtocol: protocol[0] ? readBytes(protocol[0], protocolLength[0] ?? 0).toString("latin1") : undefined,
      resumed: openssl.SSL_session_reused(ssl) === 1,
      group: groupName === "" ? undefined : groupName,
    };
  }

  peerChain(): readonly Uint8Array[] {
    this.#requireOpen();
    const openssl = this.#openssl;
    const chain = openssl.SSL_get_peer_cert_chain(this.#ssl);
    if (chain === 0) return [];
    return Array.from({ length: Math.min(openssl.OPENSSL_sk_num(chain), maxChain) }, (_, index) => {
      const certificate = openssl.OPENSSL_sk_value(chain, index);
      return encode((out) => openssl.i2d_X509(certificate, out));
    });
  }

  verification(): string | undefined {
    this.#requireOpen();
    return this.#found;
  }

  exportKeyingMaterial(length: number, label: string, context: Uint8Array | undefined): Buffer {
    this.#requireOpen();
    const out = Buffer.alloc(length);
    const name = Buffer.from(label);
    const size = context?.length ?? 0;
    const use = context === undefined ? 0 : 1;
    const { SSL_export_keying_material: exported } = this.#openssl;
    if (exported(this.#ssl, out, length, name, name.length, context ?? null, size, use) !== 1) throw this.#fail();
    return out;
  }

  sessions(): readonly EngineSession[] {
    const sessions = this.#sessions;
    this.#sessions = [];
    return sessions;
  }

  close(): void {
    if (this.#ssl === 0) return;
    const ssl = this.#ssl;
    this.#ssl = 0;
    this.#shared.live.delete(ssl);
    this.#openssl.SSL_free(ssl);
    this.#openssl.ERR_clear_error();
    this.#context.release();
  }

  /**
   * Called from inside OpenSSL when the peer's chain is there, and again when the question is answered; true goes on. It
   * must not throw.
   */
  verify(store: number): boolean {
    const openssl = this.#openssl;
    switch (this.#verdict) {
      case undefined: {
        const good = openssl.X509_verify_cert(store) === 1;
        this.#found = good ? undefined : (verificationCode(openssl.X509_STORE_CTX_get_error(store)) ?? "UNSPECIFIED");
        openssl.ERR_clear_error();
        this.#verdict = "asked";
        return openssl.SSL_ctrl(this.#ssl, control.retryVerify, 0, null) > 0;
      }
      case "admitted":
        return true;
      case "asked":
        return false;
      default:
        openssl.X509_STORE_CTX_set_error(store, refusalCodes.get(this.#verdict.refusedBy) ?? certificateRejected);
        return false;
    }
  }

  /** Called from inside OpenSSL when a session has arrived; must not throw. */
  keepSession(session: number): void {
    if (this.#openssl.SSL_SESSION_is_resumable(session) !== 1) return;
    this.#sessions.push({
      bytes: encode((out) => this.#openssl.i2d_SSL_SESSION(session, out)),
      lifetimeSeconds: this.#openssl.SSL_SESSION_get_ticket_lifetime_hint(session),
    });
    // A server that sends tickets without end is not remembered without end.
    if (this.#sessions.length > maxSessions) this.#sessions.shift();
  }

  /**
   * Called from inside OpenSSL with the client's list: the place and length of the protocol that is chosen in it, or
   * `undefined` when none is shared. RFC 7301 section 3.2.
   */
  selectAlpn(offered: Buffer): { readonly offset: number; readonly length: number } | "none" | "not-asked" {
    if (this.#alpnProtocols.length === 0) return "not-asked";
    for (const protocol of this.#alpnProtocols) {
      for (let at = 0; at < offered.length; at += 1 + (offered[at] ?? 0)) {
        const length = offered[at] ?? 0;
        if (offered.toString("latin1", at + 1, at + 1 + length) === protocol) return { offset: at + 1, length };
      }
    }
    return "none";
  }

  #prepareClient({ host = "", serverName, session }: OpenSslSetup): void {
    const openssl = this.#openssl;
    const ssl = this.#ssl;
    openssl.SSL_set_connect_state(ssl);
    if (isIP(host) === 0) {
      openssl.SSL_set_hostflags(ssl, noPartialWildcards | neverSubject);
      openssl.SSL_set1_host(ssl, cString(host));
    } else {
      openssl.X509_VERIFY_PARAM_set1_ip_asc(openssl.SSL_get0_param(ssl), cString(host));
    }
    if (serverName !== undefined) openssl.SSL_ctrl(ssl, control.serverName, 0, cString(serverName));
    if (this.#alpnProtocols.length > 0) {
      const list = Buffer.concat(
        this.#alpnProtocols.map((each) => Buffer.from(`${lengthByte(each)}${each}`, "latin1")),
      );
      openssl.SSL_set_alpn_protos(ssl, list, list.length);
    }
    if (session !== undefined) this.#offer(session);
    openssl.ERR_clear_error();
  }

  #offer(bytes: Uint8Array): void {
    const session = this.#openssl.d2i_SSL_SESSION(0, [addressOf(bytes)], bytes.length);
    if (session === 0) return;
    this.#openssl.SSL_set_session(this.#ssl, session);
    this.#openssl.SSL_SESSION_free(session);
  }

  #stopReading(error: number, hasPlaintext: boolean): "need-data" | "end" {
    if (error === wantRead) return "need-data";
    if (error === zeroReturn) return "end";
    const failure = this.#fail();
    this.#failure = failure;
    if (!hasPlaintext) throw failure;
    return "need-data";
  }

  #fail(): EngineFailure {
    const fault = takeFault(this.#openssl, this.#ssl, this.#inputEnded);
    return new EngineFailure(fault);
  }

  #requireOpen(): void {
    if (this.#ssl === 0) throw new EngineFailure({ type: "library", detail: "the connection is closed" });
  }
}

/** Calls an i2d function for the length, and again for the bytes. */
function encode(write: (out: number[] | null) => number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, write(null)));
  write([addressOf(bytes)]);
  return bytes;
}

function lengthByte(protocol: string): string {
  return String.fromCharCode(protocol.length);
}

// OpenSSL, include/openssl/{ssl,bio,x509v3}.h.in
const control = { serverName: 55, negotiatedGroup: 134, retryVerify: 136 } as const;
const bioEofReturn = 130;
const wantRead = 2;
const wantRetryVerify = 12;
const updateBoth = 1;
/** X509_V_ERR_* of which OpenSSL makes these alerts: RFC 8446 section 6.2. */
const refusalCodes: ReadonlyMap<number, number> = new Map([
  [44, 23],
  [45, 10],
  [48, 20],
]);
const certificateRejected = 28;
const maxChain = 64;
const zeroReturn = 6;
const noPartialWildcards = 0x4;
const neverSubject = 0x20;
const maxRecordBytes = 16_384;
const maxSessions = 16;
