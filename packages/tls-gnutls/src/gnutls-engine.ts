import type { ClientCertificateRequest } from "@fairlead/tls";
import {
  ClientHelloReader,
  EngineFailure,
  type EngineFacts,
  type EngineSession,
  type HandshakeStep,
  type TlsEngine,
} from "@fairlead/tls/engine";
import { InputQueue, OutputQueue } from "./byte-queues.ts";
import { errors, faultFrom } from "./gnutls-errors.ts";
import { addressOf, datumBytes, readDatum, type GnuTls } from "./library.ts";
import { messages, openSession, prepareSession, type GnuTlsCallbacks, type GnuTlsSetup } from "./prepare-session.ts";
import { alpnProtocol, cipherSuite, groupName, isTls13, peerChain } from "./session-facts.ts";
import { verifyPeer } from "./verify-peer.ts";

/** What is shared by the engines of one binding. */
export interface GnuTlsShared {
  readonly gnutls: GnuTls;
  readonly callbacks: GnuTlsCallbacks;
  /** Engines that are not closed, by their session: how callbacks find them, and how tests count them. */
  readonly live: Map<number, GnuTlsEngine>;
  /** Plaintext passes through here; one is enough, because no call of GnuTLS outlives its turn. */
  readonly scratch: Buffer;
  readonly scratchAddress: number;
}

/** One side of a connection: a session whose transport is two queues. */
export class GnuTlsEngine implements TlsEngine {
  readonly #shared: GnuTlsShared;
  readonly #gnutls: GnuTls;
  readonly #setup: GnuTlsSetup;
  #session = 0;
  readonly #input = new InputQueue();
  readonly #output = new OutputQueue();
  #inputEnded = false;
  /** Reads along what a server receives, until it has answered. */
  #hello: ClientHelloReader | undefined;
  /** What GnuTLS's own verification found; `UNSPECIFIED` until it ran. */
  #found: string | undefined = "UNSPECIFIED";
  /** Where the question about the peer has got to; `undefined` before it is asked. */
  #verdict: "asked" | "admitted" | undefined;
  /** Thrown by a callback, where C would not have seen it. */
  #callbackError: Error | undefined;
  /** Found while there was plaintext to hand over first. */
  #failure: EngineFailure | undefined;
  /** What the server asked for, and whether the handshake was stopped for it. */
  #certificateRequest: ClientCertificateRequest | undefined;
  #stopped = false;
  #ticketArrived = false;
  #isSecure = false;
  #sessions: EngineSession[] = [];

  constructor(shared: GnuTlsShared, setup: GnuTlsSetup) {
    this.#shared = shared;
    this.#gnutls = shared.gnutls;
    this.#setup = setup;
    this.#hello = setup.side === "server" ? new ClientHelloReader() : undefined;
    try {
      this.#session = openSession(this.#gnutls, setup.side);
      shared.live.set(this.#session, this);
      prepareSession(this.#gnutls, this.#session, setup, shared.callbacks);
    } catch (error) {
      this.close();
      setup.credentials.release();
      throw error;
    }
  }

  feed(bytes: Uint8Array): void {
    this.#requireOpen();
    this.#input.add(bytes);
    if (this.#hello?.reading.type === "need-data") this.#hello.add(bytes);
  }

  feedEnd(): void {
    this.#requireOpen();
    this.#inputEnded = true;
  }

  take(): Buffer | undefined {
    this.#requireOpen();
    return this.#output.take();
  }

  handshake(): HandshakeStep {
    this.#requireOpen();
    if (this.#verdict === "asked") return "need-verdict";
    const code = this.#repeat(() => this.#gnutls.gnutls_handshake(this.#session));
    if (this.#output.length > 0) this.#hello = undefined;
    if (code === errors.again) return this.#asksForVerdict() ? "need-verdict" : "need-data";
    if (code < 0) throw this.#fail(code);
    const resumed = this.#gnutls.gnutls_session_is_resumed(this.#session) !== 0;
    if (this.#setup.side === "client" && !resumed && !isTls13(this.#gnutls, this.#session)) this.#keepSession();
    this.#isSecure = true;
    return "done";
  }

  admit(): void {
    this.#requireOpen();
    this.#verdict = "admitted";
  }

  refuse(alert: number): void {
    this.#requireOpen();
    this.#gnutls.gnutls_alert_send(this.#session, alertFatal, alert);
  }

  clientCertificateRequest(): ClientCertificateRequest {
    return { authorities: [], keyTypes: [] };
  }

  /** GnuTLS asks for the certificate by a callback that cannot wait: the handshake ends with the request instead. */
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
    // Before that GnuTLS would use keys that are not there.
    if (!this.#isSecure) throw new EngineFailure({ type: "library", detail: "the handshake is not over" });
    if (!isTls13(this.#gnutls, this.#session)) return false;
    const code = this.#gnutls.gnutls_session_key_update(this.#session, updateBoth);
    if (code < 0) throw this.#fail(code);
    return true;
  }

  keyLog(): readonly string[] {
    return [];
  }

  send(bytes: Uint8Array): void {
    this.#requireOpen();
    const address = addressOf(bytes);
    this.#output.expect(bytes.length);
    for (let offset = 0; offset < bytes.length; ) {
      const part = Math.min(bytes.length - offset, maxRecordBytes);
      const sent = this.#gnutls.gnutls_record_send(this.#session, address + offset, part);
      if (sent <= 0) throw this.#fail(sent);
      offset += sent;
    }
  }

  receive(): Buffer | "need-data" | "end" {
    this.#requireOpen();
    if (this.#failure !== undefined) throw this.#failure;
    const { scratch, scratchAddress } = this.#shared;
    let length = 0;
    let end: "need-data" | "end" | undefined;
    while (end === undefined && length + maxRecordBytes <= scratch.length) {
      const at = scratchAddress + length;
      const got = this.#repeat(() => this.#gnutls.gnutls_record_recv(this.#session, at, scratch.length - length));
      if (got > 0) length += got;
      else if (got === 0) end = "end";
      else if (got === errors.again) end = "need-data";
      else {
        this.#failure = this.#fail(got);
        if (length === 0) throw this.#failure;
        end = "need-data";
      }
    }
    if (length === 0) return end ?? "need-data";
    const plain = Buffer.allocUnsafeSlow(length);
    scratch.copy(plain, 0, 0, length);
    return plain;
  }

  end(): void {
    this.#requireOpen();
    this.#gnutls.gnutls_bye(this.#session, shutWrite);
  }

  facts(): EngineFacts {
    this.#requireOpen();
    const suite = cipherSuite(this.#gnutls, this.#session);
    return {
      version: isTls13(this.#gnutls, this.#session) ? "TLSv1.3" : "TLSv1.2",
      cipher: { name: suite, standardName: suite },
      alpnProtocol: alpnProtocol(this.#gnutls, this.#session),
      resumed: this.#gnutls.gnutls_session_is_resumed(this.#session) !== 0,
      group: groupName(this.#gnutls, this.#session),
    };
  }

  peerChain(): readonly Uint8Array[] {
    this.#requireOpen();
    return peerChain(this.#gnutls, this.#session);
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
    // A context of no bytes is still one: its address may not be null.
    const bytes = context === undefined ? null : size === 0 ? Buffer.alloc(1) : context;
    const code = this.#gnutls.gnutls_prf_rfc5705(this.#session, name.length, name, size, bytes, length, out);
    if (code < 0) throw this.#fail(code);
    return out;
  }

  sessions(): readonly EngineSession[] {
    const sessions = this.#sessions;
    this.#sessions = [];
    return sessions;
  }

  close(): void {
    if (this.#session === 0) return;
    const session = this.#session;
    this.#session = 0;
    this.#gnutls.gnutls_deinit(session);
    this.#shared.live.delete(session);
    this.#setup.credentials.release();
  }

  /** Called from inside GnuTLS: takes all of it. */
  push(from: number, length: number): number {
    this.#output.add(this.#gnutls, from, length);
    return length;
  }

  /** Called from inside GnuTLS: gives what there is, which may be less than it wants; 0 is the end. */
  pull(to: number, length: number): number {
    if (this.#input.length > 0) return this.#input.copyTo(this.#gnutls, to, length);
    if (this.#inputEnded) return 0;
    // It is reset before every pull.
    this.#gnutls.gnutls_transport_set_errno(this.#session, againErrno);
    return -1;
  }

  /**
   * Called from inside GnuTLS when the peer's chain is there, and again when the question is answered. 0 goes on; E_AGAIN
   * lets the handshake wait; anything else refuses.
   */
  verify(): number {
    if (this.#setup.side === "server" || this.#verdict === "admitted") return 0;
    if (this.#verdict === undefined) {
      this.#found = verifyPeer(this.#gnutls, this.#session, this.#setup.options.host);
      this.#verdict = "asked";
    }
    return errors.again;
  }

  /**
   * Called from inside GnuTLS when the server wants a certificate, in options that say it is to be asked about. In TLS 1.3
   * that is before the server has proved who it is, and the handshake goes on; false stops it.
   */
  noteCertificateRequest(request: ClientCertificateRequest): boolean {
    this.#certificateRequest = request;
    this.#stopped = this.#verdict === "admitted";
    return !this.#stopped;
  }

  /** Called from inside GnuTLS when a message of the handshake has been read; false stops the handshake. */
  noteMessage(type: number): boolean {
    if (type === messages.newSessionTicket) this.#ticketArrived = true;
    // The server's last word: its certificate and the proof of its key came before.
    this.#stopped = type === messages.finished && this.#certificateRequest !== undefined;
    return !this.#stopped;
  }

  /** Called when the body of a callback threw. */
  noteCallbackError(error: unknown): void {
    this.#callbackError ??= error instanceof Error ? error : new Error(String(error));
  }

  #asksForVerdict(): boolean {
    return this.#verdict === "asked";
  }

  #keepSession(): void {
    const datum = Buffer.alloc(datumBytes);
    if (this.#gnutls.gnutls_session_get_data2(this.#session, datum) < 0) return;
    const address = Number(datum.readBigUInt64LE(0));
    const bytes = readDatum(datum);
    this.#gnutls.memset(address, 0, bytes.length);
    this.#gnutls.free(address);
    this.#sessions.push({ bytes, lifetimeSeconds: this.#gnutls.gnutls_db_get_default_cache_expiration() });
    // A server that sends tickets without end is not remembered without end.
    if (this.#sessions.length > maxSessions) this.#sessions.shift();
  }

  /**
   * Calls until the answer is final. E_AGAIN also follows a ticket or a key update while more is queued, so the call is
   * repeated as long as it takes bytes; when it takes none it has to wait.
   */
  #repeat(call: () => number): number {
    for (;;) {
      const before = this.#input.length;
      const code = call();
      this.#rethrow();
      if (this.#ticketArrived) {
        this.#ticketArrived = false;
        if (this.#setup.side === "client" && isTls13(this.#gnutls, this.#session)) this.#keepSession();
      }
      if (code >= 0 || !passing.has(code)) return code;
      // The question has to be answered first, however many bytes it took to get there.
      if (this.#asksForVerdict()) return errors.again;
      if (code === errors.rehandshake) {
        // RFC 5246 section 7.2.2; renegotiation is never taken up.
        this.#gnutls.gnutls_alert_send(this.#session, alertWarning, noRenegotiation);
      }
      if (this.#input.length === before) return errors.again;
    }
  }

  #rethrow(): void {
    const error = this.#callbackError;
    this.#callbackError = undefined;
    if (error !== undefined) throw error;
  }

  /** Has the peer told by an alert, and names the failure. */
  #fail(code: number): EngineFailure {
    if (this.#stopped && this.#certificateRequest !== undefined) return this.#giveUpFor(this.#certificateRequest);
    // A record that is cut short is what is left of a stream that has ended.
    const cut = code === errors.unexpectedPacketLength && this.#inputEnded && this.#input.length === 0;
    const reason = cut ? errors.prematureTermination : this.#sharesNoVersion(code) ? errors.unsupportedVersion : code;
    const fault = faultFrom(this.#gnutls, this.#session, reason, this.#found);
    if (fault.type !== "alert-received" && fault.type !== "truncated") {
      const level = [0];
      const description = this.#gnutls.gnutls_error_to_alert(reason, level);
      this.#gnutls.gnutls_alert_send(this.#session, level[0] ?? alertFatal, description);
    }
    return new EngineFailure(fault);
  }

  /** Takes leave of a server that has done nothing wrong. RFC 8446 section 6.1. */
  #giveUpFor(request: ClientCertificateRequest): EngineFailure {
    for (const alert of [userCanceled, closeNotify]) {
      this.#gnutls.gnutls_alert_send(this.#session, alertWarning, alert);
    }
    return new EngineFailure({ type: "client-certificate-requested", request });
  }

  /** A server looks for a cipher before it looks at the version, and would send the alert for the former. */
  #sharesNoVersion(code: number): boolean {
    const reading = this.#hello?.reading;
    if (code !== errors.noCipherSuites || reading?.type !== "hello") return false;
    const { minVersion, maxVersion } = this.#setup.options;
    return !reading.hello.versions.some((each) => each >= numbers[minVersion] && each <= numbers[maxVersion]);
  }

  #requireOpen(): void {
    // GnuTLS itself would crash.
    if (this.#session === 0) throw new EngineFailure({ type: "library", detail: "the connection is closed" });
  }
}

// GnuTLS, includes/gnutls/gnutls.h
const shutWrite = 1;
const alertWarning = 1;
const alertFatal = 2;
const closeNotify = 0;
const userCanceled = 90;
const noRenegotiation = 100;
/** GNUTLS_KU_PEER */
const updateBoth = 1;
/** Not the end of anything: go on while there are bytes. */
const passing: ReadonlySet<number> = new Set([
  errors.again,
  errors.interrupted,
  errors.warningAlert,
  errors.gotApplicationData,
  errors.rehandshake,
]);
const againErrno = process.platform === "linux" || process.platform === "win32" ? 11 : 35;
const maxRecordBytes = 16_384;
const maxSessions = 16;
const numbers = { "TLSv1.2": 0x0303, "TLSv1.3": 0x0304 } as const;
