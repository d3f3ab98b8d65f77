import {
  packRecords,
  recordHeader,
  type DatagramClientOptions,
  type DatagramEngine,
  type DatagramEngineFacts,
  type DatagramServerOptions,
} from "@fairlead/tls/datagram";
import type { ClientCertificateRequest, TlsIdentity } from "@fairlead/tls";
import { EngineFailure, type EngineSession, type Lease } from "@fairlead/tls/engine";
import { certificateRequest, IdentityQuestion } from "../client-identity.ts";
import { expectHost } from "../expected-host.ts";
import { identifyConnection } from "../identity.ts";
import { KeptSessions } from "../kept-sessions.ts";
import { addressOf, cString, encodeDer, readBytes, readString, type OpenSsl } from "../library.ts";
import { takeFault } from "../openssl-fault.ts";
import { refusalCode } from "../refusal-codes.ts";
import { verificationCode } from "../verification-codes.ts";
import type { OpenSslDtls } from "./functions.ts";

/** What is shared by the engines of one binding. */
export interface DtlsShared {
  readonly openssl: OpenSsl;
  readonly dtls: OpenSslDtls;
  /** Engines that are not closed, by their SSL: how callbacks find them, and how tests count them. */
  readonly live: Map<number, DtlsEngine>;
  /** Plaintext passes through here; one is enough, because no call of OpenSSL outlives its turn. */
  readonly scratch: Buffer;
  /** Where DTLSv1_listen writes an address that memory does not have. */
  readonly address: number;
  readonly timer: bigint;
  /** Called before a client shows a certificate. */
  readonly chooseCertificate: bigint;
}

/** One side of an association, and what it borrows. */
export type DtlsSetup = { readonly context: Lease<number> } & (
  | { readonly side: "client"; readonly options: DatagramClientOptions }
  | { readonly side: "server"; readonly options: DatagramServerOptions }
);

/**
 * An SSL with a memory BIO for each direction. Memory has no boundaries between datagrams: one is put in at a time, and
 * what comes out is cut between records.
 */
export class DtlsEngine implements DatagramEngine {
  readonly #shared: DtlsShared;
  readonly #openssl: OpenSsl;
  readonly #setup: DtlsSetup;
  #ssl: number;
  readonly #input: number;
  readonly #output: number;
  #waiting: Uint8Array[] = [];
  /** A server has not read the ClientHello yet. */
  #listens: boolean;
  #pskIdentity: string | undefined;
  /** What OpenSSL's own verification found; `UNSPECIFIED` until it ran. */
  #found: string | undefined = "UNSPECIFIED";
  readonly #identity = new IdentityQuestion();
  #verdict: "not shown" | "asked" | "admitted" | { readonly refusedBy: number } = "not shown";

  constructor(shared: DtlsShared, setup: DtlsSetup) {
    const { openssl, dtls } = shared;
    const { options, side, context } = setup;
    this.#shared = shared;
    this.#openssl = openssl;
    this.#setup = setup;
    this.#listens = side === "server";
    this.#ssl = openssl.SSL_new(context.value);
    this.#input = openssl.BIO_new(openssl.BIO_s_mem());
    this.#output = openssl.BIO_new(openssl.BIO_s_mem());
    for (const bio of [this.#input, this.#output]) openssl.BIO_ctrl(bio, bioEofReturn, -1, 0);
    openssl.SSL_set_bio(this.#ssl, this.#input, this.#output);
    shared.live.set(this.#ssl, this);
    dtls.DTLS_set_timer_cb(this.#ssl, shared.timer);
    openssl.SSL_ctrl(this.#ssl, control.mtu, options.mtu, null);
    if (side === "server") openssl.SSL_set_accept_state(this.#ssl);
    else this.#prepareClient(options);
    openssl.ERR_clear_error();
  }

  feed(datagram: Uint8Array): void {
    this.#requireOpen();
    if (datagram.length > 0 && datagram.length <= maxDatagramBytes) this.#waiting.push(datagram);
  }

  take(): readonly Uint8Array[] {
    this.#requireOpen();
    const length = this.#openssl.BIO_ctrl_pending(this.#output);
    if (length === 0) return [];
    const records = Buffer.allocUnsafeSlow(length);
    this.#openssl.BIO_read(this.#output, records, length);
    return packRecords(records, this.#setup.options.mtu);
  }

  handshake(): "done" | "need-data" | "need-verdict" | "need-identity" {
    this.#requireOpen();
    this.#openssl.ERR_clear_error();
    if (this.#openssl.SSL_ctrl(this.#ssl, control.handleTimeout, 0, null) < 0) throw this.#fail();
    do {
      this.#putIn();
      this.#openssl.ERR_clear_error();
      if (this.#listens && !this.#listen()) return "need-data";
      const result = this.#openssl.SSL_do_handshake(this.#ssl);
      if (result === 1) return "done";
      const error = this.#openssl.SSL_get_error(this.#ssl, result);
      if (error === wantVerdict) return "need-verdict";
      if (error === wantCertificate) return "need-identity";
      if (error !== wantRead) throw this.#fail();
    } while (this.#waiting.length > 0);
    return "need-data";
  }

  admit(): void {
    this.#verdict = "admitted";
  }

  /** OpenSSL asks again, hears the answer and makes the alert. After the handshake it has none but close_notify. */
  refuse(alert: number): void {
    this.#requireOpen();
    this.#verdict = { refusedBy: alert };
    if (this.#setup.side === "server") this.#openssl.SSL_shutdown(this.#ssl);
    else this.#openssl.SSL_do_handshake(this.#ssl);
    this.#openssl.ERR_clear_error();
  }

  clientCertificateRequest(): ClientCertificateRequest {
    this.#requireOpen();
    return certificateRequest(this.#openssl, this.#ssl);
  }

  identify(identity: TlsIdentity | undefined): void {
    this.#requireOpen();
    if (!this.#identity.isAsked) throw new EngineFailure({ type: "library", detail: "no certificate was asked for" });
    if (identity !== undefined) identifyConnection(this.#openssl, this.#ssl, identity);
    this.#identity.answer();
  }

  retransmissionDue(): number | undefined {
    this.#requireOpen();
    const left = Buffer.alloc(16);
    if (this.#openssl.SSL_ctrl(this.#ssl, control.getTimeout, 0, left) !== 1) return undefined;
    return Number(left.readBigInt64LE(0)) * 1_000 + Math.ceil(Number(left.readBigInt64LE(8)) / 1_000);
  }

  send(bytes: Uint8Array): void {
    this.#requireOpen();
    // OpenSSL has no record of nothing, and nobody would hear of it.
    if (bytes.length === 0) return;
    this.#openssl.ERR_clear_error();
    if (this.#openssl.SSL_write(this.#ssl, bytes, bytes.length) !== bytes.length) throw this.#fail();
  }

  receive(): Buffer | "need-data" | "end" {
    this.#requireOpen();
    const { scratch } = this.#shared;
    do {
      this.#putIn();
      this.#openssl.ERR_clear_error();
      const result = this.#openssl.SSL_read(this.#ssl, addressOf(scratch), scratch.length);
      if (result > 0) return Buffer.from(scratch.subarray(0, result));
      const error = this.#openssl.SSL_get_error(this.#ssl, result);
      if (error === zeroReturn) return "end";
      if (error !== wantRead) throw this.#fail();
    } while (this.#waiting.length > 0);
    return "need-data";
  }

  end(): void {
    this.#requireOpen();
    this.#openssl.SSL_shutdown(this.#ssl);
    this.#openssl.ERR_clear_error();
  }

  facts(): DatagramEngineFacts {
    this.#requireOpen();
    const maxPayloadBytes = this.#shared.dtls.DTLS_get_data_mtu(this.#ssl);
    const openssl = this.#openssl;
    const cipher = openssl.SSL_get_current_cipher(this.#ssl);
    const [protocol, protocolLength] = [[0], [0]];
    openssl.SSL_get0_alpn_selected(this.#ssl, protocol, protocolLength);
    return {
      version: readString(openssl.SSL_get_version(this.#ssl)),
      cipherSuite: readString(openssl.SSL_CIPHER_standard_name(cipher)),
      alpnProtocol: protocol[0] ? readBytes(protocol[0], protocolLength[0] ?? 0).toString("latin1") : undefined,
      pskIdentity: this.#pskIdentity,
      resumed: openssl.SSL_session_reused(this.#ssl) === 1,
      maxPayloadBytes,
      overheadBytes: this.#setup.options.mtu - recordHeader - maxPayloadBytes,
    };
  }

  peerChain(): readonly Uint8Array[] {
    this.#requireOpen();
    const openssl = this.#openssl;
    const stack = openssl.SSL_get_peer_cert_chain(this.#ssl);
    const length = stack === 0 ? 0 : Math.min(openssl.OPENSSL_sk_num(stack), maxChain);
    const sent = Array.from({ length }, (_, index) => {
      const certificate = openssl.OPENSSL_sk_value(stack, index);
      return encodeDer((out) => openssl.i2d_X509(certificate, out));
    });
    if (this.#setup.side === "client") return sent;
    // A server finds the leaf apart from the others.
    const leaf = openssl.SSL_get1_peer_certificate(this.#ssl);
    if (leaf === 0) return sent;
    try {
      return [encodeDer((out) => openssl.i2d_X509(leaf, out)), ...sent];
    } finally {
      openssl.X509_free(leaf);
    }
  }

  verification(): string | undefined {
    this.#requireOpen();
    if (this.#setup.side === "client") return this.#found;
    return verificationCode(this.#openssl.SSL_get_verify_result(this.#ssl));
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

  /** The one that there is, once the handshake is over. */
  sessions(): readonly EngineSession[] {
    this.#requireOpen();
    const session = this.#shared.dtls.SSL_get1_session(this.#ssl);
    if (session === 0) return [];
    const kept = new KeptSessions(this.#openssl);
    kept.keep(session);
    this.#openssl.SSL_SESSION_free(session);
    return kept.take();
  }

  close(): void {
    if (this.#ssl === 0) return;
    const ssl = this.#ssl;
    this.#ssl = 0;
    this.#waiting = [];
    this.#shared.live.delete(ssl);
    this.#openssl.SSL_free(ssl);
    this.#openssl.ERR_clear_error();
    this.#setup.context.release();
  }

  /** Called from inside OpenSSL when the server's chain is there, and again when there is a verdict on it. */
  verify(store: number): boolean {
    const openssl = this.#openssl;
    switch (this.#verdict) {
      case "not shown": {
        const good = openssl.X509_verify_cert(store) === 1;
        this.#found = good ? undefined : (verificationCode(openssl.X509_STORE_CTX_get_error(store)) ?? "UNSPECIFIED");
        openssl.ERR_clear_error();
        this.#verdict = "asked";
        return openssl.SSL_ctrl(this.#ssl, control.retryVerify, 0, null) > 0;
      }
      case "asked":
        return openssl.SSL_ctrl(this.#ssl, control.retryVerify, 0, null) > 0;
      case "admitted":
        return true;
      default:
        openssl.X509_STORE_CTX_set_error(store, refusalCode(this.#verdict.refusedBy));
        return false;
    }
  }

  /** Called from inside OpenSSL before it shows a certificate: whether it may, or has to wait. */
  mayIdentify(): boolean {
    return this.#identity.mayGoOn();
  }

  /** Called from inside OpenSSL: the key to show, and whose it is. Must not throw. */
  clientKey(): { readonly identity: string; readonly key: Uint8Array } | undefined {
    const psk = this.#setup.side === "client" ? this.#setup.options.psk : undefined;
    this.#pskIdentity = psk?.identity;
    return psk;
  }

  /** Called from inside OpenSSL: the key of this client. */
  serverKey(identity: string): Uint8Array | undefined {
    this.#pskIdentity = identity;
    return this.#setup.side === "server" ? this.#setup.options.psk?.(identity) : undefined;
  }

  /** Called from inside OpenSSL: the next wait, in microseconds; `passed` is the last one, 0 for the first. */
  nextWait(passed: number): number {
    const first = this.#setup.options.retransmissionMilliseconds * 1_000;
    return passed === 0 ? first : Math.min(passed * 2, Math.max(passed, longestWaitMicroseconds));
  }

  /** Called from inside OpenSSL with the client's list. RFC 7301 section 3.2. */
  selectAlpn(offered: Buffer): { readonly offset: number; readonly length: number } | "none" | "not-asked" {
    const { alpnProtocols } = this.#setup.options;
    if (alpnProtocols.length === 0) return "not-asked";
    for (const protocol of alpnProtocols) {
      for (let at = 0; at < offered.length; at += 1 + (offered[at] ?? 0)) {
        const length = offered[at] ?? 0;
        if (offered.toString("latin1", at + 1, at + 1 + length) === protocol) return { offset: at + 1, length };
      }
    }
    return "none";
  }

  /** The next datagram, once the one before has been read: what is left of that could not be told from it. */
  #putIn(): void {
    if (this.#openssl.BIO_ctrl_pending(this.#input) > 0) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#openssl.BIO_write(this.#input, next, next.length);
  }

  /** Reads the ClientHello whose cookie was found good, and takes its sequence numbers over. */
  #listen(): boolean {
    const result = this.#shared.dtls.DTLSv1_listen(this.#ssl, this.#shared.address);
    if (result < 0) throw this.#fail();
    this.#listens = result !== 1;
    return !this.#listens;
  }

  #prepareClient({ host, serverName, alpnProtocols, psk, session, asksForIdentity }: DatagramClientOptions): void {
    const openssl = this.#openssl;
    const ssl = this.#ssl;
    openssl.SSL_set_connect_state(ssl);
    if (serverName !== undefined) openssl.SSL_ctrl(ssl, control.serverName, 0, cString(serverName));
    if (alpnProtocols.length > 0) {
      const list = Buffer.concat(
        alpnProtocols.flatMap((each) => [Buffer.of(each.length), Buffer.from(each, "latin1")]),
      );
      openssl.SSL_set_alpn_protos(ssl, list, list.length);
    }
    if (psk !== undefined) return;
    expectHost(openssl, ssl, host);
    if (asksForIdentity) openssl.SSL_set_cert_cb(ssl, this.#shared.chooseCertificate, 0);
    if (session !== undefined) this.#offer(session);
  }

  /** One that OpenSSL cannot read leads to a full handshake. */
  #offer(bytes: Uint8Array): void {
    const openssl = this.#openssl;
    const session = openssl.d2i_SSL_SESSION(0, [addressOf(bytes)], bytes.length);
    if (session === 0) return;
    openssl.SSL_set_session(this.#ssl, session);
    openssl.SSL_SESSION_free(session);
  }

  #fail(): EngineFailure {
    return new EngineFailure(takeFault(this.#openssl, this.#ssl, false));
  }

  #requireOpen(): void {
    if (this.#ssl === 0) throw new EngineFailure({ type: "library", detail: "the path is closed" });
  }
}

// OpenSSL, include/openssl/{ssl,bio}.h.in
const control = { mtu: 17, serverName: 55, getTimeout: 73, handleTimeout: 74, retryVerify: 136 } as const;
const bioEofReturn = 130;
const wantRead = 2;
const wantCertificate = 4;
const zeroReturn = 6;
const wantVerdict = 12;
const maxChain = 64;
/** OpenSSL reads no more at once, and would take the rest for another datagram. */
const maxDatagramBytes = 16_384;
const longestWaitMicroseconds = 60_000_000;
