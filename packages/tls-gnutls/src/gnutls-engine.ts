import type { ClientCertificateRequest } from "@fairlead/tls";
import {
  ClientHelloReader,
  EngineFailure,
  InputQueue,
  OutputQueue,
  type EngineClientOptions,
  type EngineFacts,
  type EngineSession,
  type HandshakeStep,
  type NativeMemory,
  type PlaintextSlab,
  type SlabPool,
  type TlsEngine,
} from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { EarlyReceiver, EarlySender, earlyCapacity } from "./early-data.ts";
import { exportKeys } from "./exported-keys.ts";
import { farewell } from "./farewell.ts";
import { alertFor, errors, faultFrom } from "./gnutls-errors.ts";
import { messages } from "./handshake-messages.ts";
import { KeyLog } from "./key-log.ts";
import { addressOf, type GnuTls } from "./library.ts";
import { PeerQuestion } from "./peer-question.ts";
import { openSession, prepareSession, takesEarlyData, type GnuTlsSetup } from "./prepare-session.ts";
import { readSession } from "./protocol/remembered-session.ts";
import { SharedKey } from "./psk.ts";
import { RequestedCertificate } from "./requested-certificate.ts";
import { SavedSessions } from "./saved-sessions.ts";
import { isResumed, isTls13, peerChain, sessionFacts } from "./session-facts.ts";
import { giveStaple, readStaple } from "./stapling.ts";
import { verifyPeer } from "./verify-peer.ts";

/** What is shared by the engines of one binding. */
export interface GnuTlsShared {
  readonly gnutls: GnuTls;
  readonly callbacks: CallbackPointers;
  /** Engines that are not closed, by their session: how callbacks find them, and how tests count them. */
  readonly live: Map<number, GnuTlsEngine>;
  /** Plaintext is decrypted here; one is enough, because no call of GnuTLS outlives its turn. */
  readonly plaintext: PlaintextSlab;
  readonly memory: NativeMemory;
  /** Output of all engines lies in slabs of this pool. */
  readonly slabs: SlabPool;
}

/** One side of a connection: a session whose transport is two queues. */
export class GnuTlsEngine implements TlsEngine {
  readonly #shared: GnuTlsShared;
  readonly #gnutls: GnuTls;
  readonly #setup: GnuTlsSetup;
  #session = 0;
  readonly #input: InputQueue;
  readonly #output: OutputQueue;
  #inputEnded = false;
  /** Reads along what a server receives, until it has answered. */
  #hello: ClientHelloReader | undefined;
  readonly #question = new PeerQuestion();
  readonly #requested = new RequestedCertificate();
  readonly #sharedKey: SharedKey;
  readonly #keyLog = new KeyLog();
  readonly #sessions = new SavedSessions();
  #earlySender: EarlySender | undefined;
  #earlyReceiver: EarlyReceiver | undefined;
  #ticketArrived = false;
  /** GnuTLS has nothing left to do; somebody may still be asked. */
  #handshakeIsOver = false;
  /** Thrown by a callback, where C would not have seen it. */
  #callbackError: Error | undefined;
  /** Found while there was plaintext to hand over first. */
  #failure: EngineFailure | undefined;

  constructor(shared: GnuTlsShared, setup: GnuTlsSetup) {
    this.#shared = shared;
    this.#gnutls = shared.gnutls;
    this.#setup = setup;
    this.#hello = setup.side === "server" ? new ClientHelloReader() : undefined;
    this.#sharedKey = new SharedKey(shared.gnutls, setup);
    this.#input = new InputQueue(shared.memory);
    this.#output = new OutputQueue(shared.memory, shared.slabs);
    try {
      this.#session = openSession(this.#gnutls, setup);
      shared.live.set(this.#session, this);
      prepareSession(this.#gnutls, this.#session, setup, shared.callbacks);
      this.#sharedKey.prepare(this.#session);
      if (setup.side === "client") this.#offerSession(setup.options);
      else if (takesEarlyData(setup)) this.#earlyReceiver = new EarlyReceiver(this.#gnutls, this.#session);
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

  keepInput(): void {
    this.#input.keep();
  }

  feedEnd(): void {
    this.#requireOpen();
    this.#inputEnded = true;
  }

  take(): Buffer | undefined {
    this.#requireOpen();
    return this.#output.take();
  }

  recycle(bytes: Buffer): void {
    this.#shared.slabs.giveBack(bytes);
  }

  handshake(): HandshakeStep {
    this.#requireOpen();
    if (!this.#question.isOpen && !this.#handshakeIsOver) this.#shakeHands();
    if (this.#question.isOpen) return "need-verdict";
    if (this.#handshakeIsOver) return "done";
    return this.#earlyReceiver === undefined || this.#earlyReceiver.received === 0 ? "need-data" : "early";
  }

  admit(): void {
    this.#requireOpen();
    this.#question.admit();
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
    this.#requireOpen();
    return readStaple(this.#gnutls, this.#session);
  }

  earlyCapacity(): number {
    this.#requireOpen();
    return this.#earlySender?.capacity ?? 0;
  }

  sendEarly(bytes: Uint8Array): void {
    this.#requireOpen();
    if (this.#earlySender === undefined)
      throw new EngineFailure({ type: "library", detail: "early data is not taken" });
    this.#earlySender.send(bytes);
  }

  updateKeys(): boolean {
    this.#requireOpen();
    // Before that GnuTLS would use keys that are not there.
    if (!this.#handshakeIsOver) throw new EngineFailure({ type: "library", detail: "the handshake is not over" });
    if (!isTls13(this.#gnutls, this.#session)) return false;
    const code = this.#gnutls.gnutls_session_key_update(this.#session, updateBoth);
    if (code < 0) throw this.#fail(code);
    return true;
  }

  keyLog(): readonly string[] {
    return this.#keyLog.take();
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
    const early = this.#earlyReceiver?.take();
    if (early !== undefined) return early;
    if (!this.#handshakeIsOver) return "need-data";
    const { plaintext } = this.#shared;
    const { address, size } = plaintext.open();
    let length = 0;
    let end: "need-data" | "end" | undefined;
    while (end === undefined && length + maxRecordBytes <= size) {
      const at = address + length;
      const got = this.#repeat(() => this.#gnutls.gnutls_record_recv(this.#session, at, size - length));
      if (got > 0) length += got;
      else if (got === 0) end = "end";
      else if (got === errors.again) end = "need-data";
      else {
        this.#failure = this.#fail(got);
        if (length === 0) throw this.#failure;
        end = "need-data";
      }
    }
    return length === 0 ? (end ?? "need-data") : plaintext.give(length);
  }

  end(): void {
    this.#requireOpen();
    this.#gnutls.gnutls_bye(this.#session, shutWrite);
  }

  facts(): EngineFacts {
    this.#requireOpen();
    const facts = sessionFacts(this.#gnutls, this.#session);
    const [leaf] = facts.resumed && this.#setup.side === "server" ? peerChain(this.#gnutls, this.#session) : [];
    return {
      ...facts,
      sessionLeaf: leaf,
      pskIdentity: this.#sharedKey.identity(this.#session),
      earlyData: this.#earlySender?.status,
      earlyBytes: this.#earlyReceiver?.received,
      answersLate: true,
    };
  }

  peerChain(): readonly Uint8Array[] {
    this.#requireOpen();
    return peerChain(this.#gnutls, this.#session);
  }

  verification(): string | undefined {
    this.#requireOpen();
    return this.#question.found;
  }

  exportKeyingMaterial(length: number, label: string, context: Uint8Array | undefined): Buffer {
    this.#requireOpen();
    const out = Buffer.alloc(length);
    const code = exportKeys(this.#gnutls, this.#session, out, label, context);
    if (code < 0) throw this.#fail(code);
    return out;
  }

  sessions(): readonly EngineSession[] {
    return this.#sessions.take();
  }

  close(): void {
    if (this.#session === 0) return;
    const session = this.#session;
    this.#session = 0;
    this.#gnutls.gnutls_deinit(session);
    this.#shared.live.delete(session);
    this.#setup.credentials.release();
    this.#sharedKey.free();
  }

  /** Called from inside GnuTLS: takes all of it. */
  push(from: number, length: number): number {
    this.#output.add(from, length);
    return length;
  }

  /** Called from inside GnuTLS: gives what there is, which may be less than it wants; 0 is the end. */
  pull(to: number, length: number): number {
    if (this.#input.length > 0) return this.#input.copyTo(to, length);
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
    return this.#question.ask(() => {
      const host = this.#setup.side === "client" ? this.#setup.options.host : undefined;
      return this.#peerIsNobody() ? undefined : verifyPeer(this.#gnutls, this.#session, host);
    });
  }

  /** Called from inside GnuTLS when the server wants a certificate that is to be asked about; false stops the handshake. */
  noteCertificateRequest(request: ClientCertificateRequest): boolean {
    return this.#requested.note(request, this.#question.isAdmitted);
  }

  /** Called from inside GnuTLS when a message of the handshake has been read; false stops the handshake. */
  noteMessage(type: number): boolean {
    if (type === messages.newSessionTicket) this.#ticketArrived = true;
    return this.#requested.hear(type);
  }

  /** Called from inside GnuTLS with the addresses of a secret's label and datum, in options that ask for them. */
  noteSecret(label: number, secret: number): void {
    this.#keyLog.add(this.#gnutls, this.#session, label, secret);
  }

  /** Called from inside GnuTLS with the address of where the response goes that is stapled; returns its code. */
  staple(response: number): number {
    const { side, options } = this.#setup;
    return giveStaple(this.#gnutls, response, side === "server" ? options.identity?.ocspResponse : undefined);
  }

  /** Called from inside GnuTLS with the address of a client's identity and of where its key goes; false refuses it. */
  findKey(identity: number, key: number): boolean {
    return this.#sharedKey.find(identity, key);
  }

  /** Called when the body of a callback threw. */
  noteCallbackError(error: unknown): void {
    this.#callbackError ??= error instanceof Error ? error : new Error(String(error));
  }

  #shakeHands(): void {
    const code = this.#repeat(() => this.#gnutls.gnutls_handshake(this.#session));
    if (this.#output.length > 0) this.#hello = undefined;
    this.#earlyReceiver?.collect(this.#shared.plaintext);
    if (code === errors.again) return;
    if (code < 0) throw this.#fail(code);
    this.#handshakeIsOver = true;
    const { side, options } = this.#setup;
    if (isResumed(this.#gnutls, this.#session)) return;
    if (side === "client") {
      if (!isTls13(this.#gnutls, this.#session)) this.#keepSession();
    } else if (options.clientCertificates !== undefined && !this.#question.isAdmitted) {
      // GnuTLS has nothing to verify where there is no certificate; a verification that was lost lets nobody in.
      this.#question.ask(() => (this.#peerIsNobody() ? undefined : "UNSPECIFIED"));
    }
  }

  /** One that cannot be read leads to a full handshake. */
  #offerSession(options: EngineClientOptions): void {
    const session = options.session && readSession(options.session);
    if (session === undefined || options.psk !== undefined) return;
    const { data } = session;
    if (this.#gnutls.gnutls_session_set_data(this.#session, data, data.length) < 0) return;
    this.#earlySender = new EarlySender(this.#gnutls, this.#session, earlyCapacity(session, options));
  }

  #keepSession(): void {
    const { side, options } = this.#setup;
    if (side === "client") this.#sessions.keep(this.#gnutls, this.#session, options.serverName);
  }

  /** Whether a client has shown no certificate. */
  #peerIsNobody(): boolean {
    return this.#setup.side === "server" && peerChain(this.#gnutls, this.#session).length === 0;
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
        if (isTls13(this.#gnutls, this.#session)) this.#keepSession();
      }
      if (code >= 0 || !passing.has(code)) return code;
      // The question has to be answered first, however many bytes it took to get there.
      if (this.#question.isOpen) return errors.again;
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
    const { stoppedFor } = this.#requested;
    if (stoppedFor !== undefined) return farewell(this.#gnutls, this.#session, stoppedFor);
    // A record that is cut short is what is left of a stream that has ended.
    const cut = code === errors.unexpectedPacketLength && this.#inputEnded && this.#input.length === 0;
    const reason = cut ? errors.prematureTermination : this.#sharesNoVersion(code) ? errors.unsupportedVersion : code;
    const fault = faultFrom(this.#gnutls, this.#session, reason, this.#question.found);
    if (fault.type !== "alert-received" && fault.type !== "truncated") {
      const alert = this.#sharedKey.isRefused ? unknownPskIdentity : alertFor(this.#gnutls, this.#session, reason);
      this.#gnutls.gnutls_alert_send(this.#session, alertFatal, alert);
    }
    return new EngineFailure(fault);
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
const noRenegotiation = 100;
const unknownPskIdentity = 115;
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
const numbers = { "TLSv1.2": 0x0303, "TLSv1.3": 0x0304 } as const;
