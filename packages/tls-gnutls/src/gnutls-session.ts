import type { ClientCertificateRequest } from "@fairlead/tls";
import { ClientHelloReader, EngineFailure, type EngineClientOptions, type PlaintextSlab } from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { EarlyReceiver, EarlySender, earlyCapacity } from "./early-data.ts";
import { farewell } from "./farewell.ts";
import { alertFor, errors, faultFrom } from "./gnutls-errors.ts";
import { messages } from "./handshake-messages.ts";
import { KeyLog } from "./key-log.ts";
import type { GnuTls } from "./library.ts";
import { PeerQuestion } from "./peer-question.ts";
import { openSession, prepareSession, takesEarlyData, type GnuTlsSetup } from "./prepare-session.ts";
import { readSession } from "./protocol/remembered-session.ts";
import { SharedKey } from "./psk.ts";
import type { QueueTransport } from "./queue-transport.ts";
import { RequestedCertificate } from "./requested-certificate.ts";
import { SavedSessions } from "./saved-sessions.ts";
import { isResumed, isTls13, peerChain } from "./session-facts.ts";
import { giveStaple } from "./stapling.ts";
import { verifyPeer } from "./verify-peer.ts";

/** One session of GnuTLS: it is called until an answer is final, and says what GnuTLS asks for meanwhile. */
export class GnuTlsSession {
  readonly question = new PeerQuestion();
  readonly sharedKey: SharedKey;
  readonly keyLog = new KeyLog();
  readonly saved = new SavedSessions();
  readonly #gnutls: GnuTls;
  readonly #setup: GnuTlsSetup;
  readonly #transport: QueueTransport;
  readonly #requested = new RequestedCertificate();
  #handle: number;
  /** Reads along what a server receives, until it has answered. */
  #hello: ClientHelloReader | undefined;
  #earlySender: EarlySender | undefined;
  #earlyReceiver: EarlyReceiver | undefined;
  #ticketArrived = false;
  #handshakeIsOver = false;
  /** Thrown by a callback, where C would not have seen it. */
  #callbackError: Error | undefined;

  /** Opens it without any setting, and borrows the credentials of the setup until it is freed. */
  constructor(gnutls: GnuTls, setup: GnuTlsSetup, transport: QueueTransport) {
    this.#gnutls = gnutls;
    this.#setup = setup;
    this.#transport = transport;
    this.#hello = setup.side === "server" ? new ClientHelloReader() : undefined;
    this.sharedKey = new SharedKey(gnutls, setup);
    try {
      this.#handle = openSession(gnutls, setup);
    } catch (error) {
      setup.credentials.release();
      throw error;
    }
  }

  /** What GnuTLS knows it by; 0 when it is freed. */
  get handle(): number {
    return this.#handle;
  }

  /** GnuTLS has nothing left to do; somebody may still be asked. */
  get handshakeIsOver(): boolean {
    return this.#handshakeIsOver;
  }

  /** What a client sends before its handshake, where it may. */
  get earlySender(): EarlySender | undefined {
    return this.#earlySender;
  }

  /** What a server takes before the handshake is over, where it does. */
  get earlyReceiver(): EarlyReceiver | undefined {
    return this.#earlyReceiver;
  }

  /** Gives it its settings. @throws EngineFailure */
  prepare(callbacks: CallbackPointers): void {
    const setup = this.#setup;
    prepareSession(this.#gnutls, this.#handle, setup, callbacks);
    this.sharedKey.prepare(this.#handle);
    if (setup.side === "client") this.#offer(setup.options);
    else if (takesEarlyData(setup)) this.#earlyReceiver = new EarlyReceiver(this.#gnutls, this.#handle);
  }

  requireOpen(): void {
    // GnuTLS itself would crash.
    if (this.#handle === 0) throw new EngineFailure({ type: "library", detail: "the connection is closed" });
  }

  /** Sees what the transport is fed. */
  readAlong(bytes: Uint8Array): void {
    if (this.#hello?.reading.type === "need-data") this.#hello.add(bytes);
  }

  /** Goes on with the handshake as far as it gets. @throws EngineFailure */
  shakeHands(plaintext: PlaintextSlab): void {
    const code = this.repeat(() => this.#gnutls.gnutls_handshake(this.#handle));
    if (this.#transport.output.length > 0) this.#hello = undefined;
    this.#earlyReceiver?.collect(plaintext);
    if (code === errors.again) return;
    if (code < 0) throw this.fail(code);
    this.#handshakeIsOver = true;
    const { side, options } = this.#setup;
    if (isResumed(this.#gnutls, this.#handle)) return;
    if (side === "client") {
      if (!isTls13(this.#gnutls, this.#handle)) this.#save();
    } else if (options.clientCertificates !== undefined && !this.question.isAdmitted) {
      // GnuTLS has nothing to verify where there is no certificate; a verification that was lost lets nobody in.
      this.question.ask(() => (this.#peerIsNobody() ? undefined : "UNSPECIFIED"));
    }
  }

  /**
   * Calls until the answer is final. E_AGAIN also follows a ticket or a key update while more is queued, so the call is
   * repeated as long as it takes bytes; when it takes none it has to wait.
   */
  repeat(call: () => number): number {
    for (;;) {
      const before = this.#transport.input.length;
      const code = call();
      this.#rethrow();
      if (this.#ticketArrived) {
        this.#ticketArrived = false;
        if (isTls13(this.#gnutls, this.#handle)) this.#save();
      }
      if (code >= 0 || !passing.has(code)) return code;
      // The question has to be answered first, however many bytes it took to get there.
      if (this.question.isOpen) return errors.again;
      if (code === errors.rehandshake) {
        // RFC 5246 section 7.2.2; renegotiation is never taken up.
        this.#gnutls.gnutls_alert_send(this.#handle, alertWarning, noRenegotiation);
      }
      if (this.#transport.input.length === before) return errors.again;
    }
  }

  /** Has the peer told by an alert, and names the failure. */
  fail(code: number): EngineFailure {
    const { stoppedFor } = this.#requested;
    if (stoppedFor !== undefined) return farewell(this.#gnutls, this.#handle, stoppedFor);
    // A record that is cut short is what is left of a stream that has ended.
    const cut = code === errors.unexpectedPacketLength && this.#transport.isReadToEnd;
    const reason = cut ? errors.prematureTermination : this.#sharesNoVersion(code) ? errors.unsupportedVersion : code;
    const failed = { handle: this.#handle, side: this.#setup.side };
    const fault = faultFrom(this.#gnutls, failed, reason, this.question.found);
    if (fault.type !== "alert-received" && fault.type !== "truncated") {
      this.alert(this.sharedKey.isRefused ? unknownPskIdentity : alertFor(this.#gnutls, failed, reason));
    }
    return new EngineFailure(fault);
  }

  /** Sends a fatal alert. */
  alert(description: number): void {
    this.#gnutls.gnutls_alert_send(this.#handle, alertFatal, description);
  }

  /** Gives back all that it borrowed. Has to be called once. */
  free(): void {
    const handle = this.#handle;
    this.#handle = 0;
    this.#gnutls.gnutls_deinit(handle);
    this.#setup.credentials.release();
    this.sharedKey.free();
  }

  /**
   * Called from inside GnuTLS when the peer's chain is there, and again when the question is answered. 0 goes on; E_AGAIN
   * lets the handshake wait; anything else refuses.
   */
  verify(): number {
    return this.question.ask(() => {
      const host = this.#setup.side === "client" ? this.#setup.options.host : undefined;
      return this.#peerIsNobody() ? undefined : verifyPeer(this.#gnutls, this.#handle, host);
    });
  }

  /** Called from inside GnuTLS when the server wants a certificate that is to be asked about; false stops the handshake. */
  noteCertificateRequest(request: ClientCertificateRequest): boolean {
    return this.#requested.note(request, this.question.isAdmitted);
  }

  /** Called from inside GnuTLS when a message of the handshake has been read; false stops the handshake. */
  noteMessage(type: number): boolean {
    if (type === messages.newSessionTicket) this.#ticketArrived = true;
    return this.#requested.hear(type);
  }

  /** Called from inside GnuTLS with the addresses of a secret's label and datum, in options that ask for them. */
  noteSecret(label: number, secret: number): void {
    this.keyLog.add(this.#gnutls, this.#handle, label, secret);
  }

  /** Called from inside GnuTLS with the address of where the response goes that is stapled; returns its code. */
  staple(response: number): number {
    const { side, options } = this.#setup;
    return giveStaple(this.#gnutls, response, side === "server" ? options.identity?.ocspResponse : undefined);
  }

  /** Called when the body of a callback threw. */
  noteCallbackError(error: unknown): void {
    this.#callbackError ??= error instanceof Error ? error : new Error(String(error));
  }

  #rethrow(): void {
    const error = this.#callbackError;
    this.#callbackError = undefined;
    if (error !== undefined) throw error;
  }

  /** A session that cannot be read leads to a full handshake. */
  #offer(options: EngineClientOptions): void {
    const session = options.session && readSession(options.session);
    if (session === undefined || options.psk !== undefined) return;
    const { data } = session;
    if (this.#gnutls.gnutls_session_set_data(this.#handle, data, data.length) < 0) return;
    this.#earlySender = new EarlySender(this.#gnutls, this.#handle, earlyCapacity(session, options));
  }

  #save(): void {
    const { side, options } = this.#setup;
    if (side === "client") this.saved.keep(this.#gnutls, this.#handle, options.serverName);
  }

  /** Whether a client has shown no certificate. */
  #peerIsNobody(): boolean {
    return this.#setup.side === "server" && peerChain(this.#gnutls, this.#handle).length === 0;
  }

  /** A server looks for a cipher before it looks at the version, and would send the alert for the former. */
  #sharesNoVersion(code: number): boolean {
    const reading = this.#hello?.reading;
    if (code !== errors.noCipherSuites || reading?.type !== "hello") return false;
    const { minVersion, maxVersion } = this.#setup.options;
    return !reading.hello.versions.some((each) => each >= numbers[minVersion] && each <= numbers[maxVersion]);
  }
}

// GnuTLS, includes/gnutls/gnutls.h
const alertWarning = 1;
const alertFatal = 2;
const noRenegotiation = 100;
const unknownPskIdentity = 115;
/** Not the end of anything: go on while there are bytes. */
const passing: ReadonlySet<number> = new Set([
  errors.again,
  errors.interrupted,
  errors.warningAlert,
  errors.gotApplicationData,
  errors.rehandshake,
]);
const numbers = { "TLSv1.2": 0x0303, "TLSv1.3": 0x0304 } as const;
