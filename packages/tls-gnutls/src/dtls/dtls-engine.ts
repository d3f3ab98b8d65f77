import { packRecords, recordHeader, type DatagramEngine, type DatagramEngineFacts } from "@fairlead/tls/datagram";
import type { ClientCertificateRequest } from "@fairlead/tls";
import { EngineFailure, type EngineSession } from "@fairlead/tls/engine";
import { datagramFarewell } from "../farewell.ts";
import { alertFor, errors, faultFrom } from "../gnutls-errors.ts";
import { addressOf, datumBytes, giveDatum, readBytes, readDatum, type GnuTls } from "../library.ts";
import { clientIdentity } from "../psk.ts";
import { RequestedCertificate } from "../requested-certificate.ts";
import { SavedSessions } from "../saved-sessions.ts";
import { alpnProtocol, cipherSuite, isResumed, peerChain } from "../session-facts.ts";
import { verifyPeer } from "../verify-peer.ts";
import type { GnuTlsDtls } from "./functions.ts";
import {
  openDtlsSession,
  prepareDtlsSession,
  sessionMtu,
  type DtlsCallbacks,
  type DtlsSetup,
} from "./prepare-dtls-session.ts";

/** What is shared by the engines of one binding. */
export interface DtlsShared {
  readonly gnutls: GnuTls;
  readonly dtls: GnuTlsDtls;
  readonly callbacks: DtlsCallbacks;
  /** Engines that are not closed, by their session: how callbacks find them, and how tests count them. */
  readonly live: Map<number, DtlsEngine>;
  /** Plaintext passes through here; one is enough, because no call of GnuTLS outlives its turn. */
  readonly scratch: Buffer;
}

/** A session whose transport is a queue of datagrams for each direction. */
export class DtlsEngine implements DatagramEngine {
  readonly #shared: DtlsShared;
  readonly #gnutls: GnuTls;
  readonly #setup: DtlsSetup;
  #session = 0;
  #input: Uint8Array[] = [];
  #output: Buffer[] = [];
  /** What GnuTLS's own verification found; `UNSPECIFIED` until it ran. */
  #found: string | undefined = "UNSPECIFIED";
  #verdict: "asked" | "admitted" | undefined;
  readonly #requested = new RequestedCertificate();
  #unknownIdentity = false;
  /** How often GnuTLS has looked for a datagram, and there was none. */
  #starvations = 0;
  /** Thrown by a callback, where C would not have seen it. */
  #callbackError: Error | undefined;

  constructor(shared: DtlsShared, setup: DtlsSetup) {
    this.#shared = shared;
    this.#gnutls = shared.gnutls;
    this.#setup = setup;
    try {
      this.#session = openDtlsSession(this.#gnutls, setup);
      shared.live.set(this.#session, this);
      prepareDtlsSession(shared, this.#session, setup);
    } catch (error) {
      if (this.#session === 0) setup.credentials.release();
      this.close();
      throw error;
    }
  }

  feed(datagram: Uint8Array): void {
    this.#requireOpen();
    if (datagram.length > 0) this.#input.push(datagram);
  }

  take(): readonly Uint8Array[] {
    this.#requireOpen();
    const records = this.#output;
    this.#output = [];
    return records.length <= 1 ? records : packRecords(Buffer.concat(records), this.#setup.options.mtu);
  }

  handshake(): "done" | "need-data" | "need-verdict" {
    this.#requireOpen();
    // GnuTLS looks at the time whenever it is asked to go on.
    const code = this.#repeat(() => this.#gnutls.gnutls_handshake(this.#session));
    if (code === errors.again) return this.#asksForVerdict() ? "need-verdict" : "need-data";
    if (code < 0) throw this.#fail(code);
    if (this.#lacksCertificate()) throw this.#fail(errors.noCertificateFound);
    return "done";
  }

  admit(): void {
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

  retransmissionDue(): number | undefined {
    this.#requireOpen();
    return this.#shared.dtls.gnutls_dtls_get_timeout(this.#session);
  }

  send(bytes: Uint8Array): void {
    this.#requireOpen();
    // GnuTLS has no record of nothing, and nobody would hear of it.
    if (bytes.length === 0) return;
    const sent = this.#gnutls.gnutls_record_send(this.#session, addressOf(bytes), bytes.length);
    if (sent !== bytes.length) throw this.#fail(sent);
  }

  receive(): Buffer | "need-data" | "end" {
    this.#requireOpen();
    const { scratch } = this.#shared;
    const at = addressOf(scratch);
    const got = this.#repeat(() => this.#gnutls.gnutls_record_recv(this.#session, at, scratch.length));
    if (got > 0) return Buffer.from(scratch.subarray(0, got));
    if (got === 0) return "end";
    if (got === errors.again) return "need-data";
    throw this.#fail(got);
  }

  end(): void {
    this.#requireOpen();
    this.#gnutls.gnutls_bye(this.#session, shutWrite);
  }

  facts(): DatagramEngineFacts {
    this.#requireOpen();
    const maxPayloadBytes = this.#shared.dtls.gnutls_dtls_get_data_mtu(this.#session);
    return {
      version: this.#gnutls.gnutls_protocol_get_version(this.#session) === dtls12 ? "DTLSv1.2" : "",
      cipherSuite: cipherSuite(this.#gnutls, this.#session),
      alpnProtocol: alpnProtocol(this.#gnutls, this.#session),
      pskIdentity: this.#pskIdentity(),
      resumed: isResumed(this.#gnutls, this.#session),
      maxPayloadBytes,
      overheadBytes: sessionMtu(this.#setup.options) - recordHeader - maxPayloadBytes,
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

  /** The one that there is, once the handshake is over. */
  sessions(): readonly EngineSession[] {
    this.#requireOpen();
    const { side, options } = this.#setup;
    const saved = new SavedSessions();
    if (side === "client") saved.keep(this.#gnutls, this.#session, options.serverName);
    return saved.take();
  }

  close(): void {
    if (this.#session === 0) return;
    const session = this.#session;
    this.#session = 0;
    this.#input = [];
    this.#gnutls.gnutls_deinit(session);
    this.#shared.live.delete(session);
    this.#setup.credentials.release();
  }

  /** Called from inside GnuTLS with one record. */
  push(from: number, length: number): number {
    this.#output.push(readBytes(from, length));
    return length;
  }

  /** Called from inside GnuTLS: gives one datagram; what does not fit is lost, as it would be on a socket. */
  pull(to: number, length: number): number {
    const [datagram] = this.#input;
    if (datagram !== undefined) {
      const part = Math.min(datagram.length, length);
      this.#gnutls.memcpy(to, addressOf(datagram), part);
      // Not before: memcpy knows its address alone, and it could be collected.
      this.#input.shift();
      return part;
    }
    this.#starvations += 1;
    // It is reset before every pull.
    this.#gnutls.gnutls_transport_set_errno(this.#session, againErrno);
    return -1;
  }

  /** Called from inside GnuTLS, which would wait: 1 when there is something to pull. */
  hasInput(): number {
    if (this.#input.length > 0) return 1;
    this.#starvations += 1;
    return 0;
  }

  /**
   * Called from inside GnuTLS when the peer's chain is there, and on a client again when there is a verdict on it. 0 goes
   * on; E_AGAIN lets the handshake wait; anything else refuses.
   */
  verify(): number {
    const { side, options } = this.#setup;
    if (side === "server") {
      // One who shows none is nobody, and whether that will do is decided when the handshake is over.
      if (this.peerChain().length === 0) return 0;
      this.#found = verifyPeer(this.#gnutls, this.#session, undefined);
      return this.#found === undefined ? 0 : errors.certificate;
    }
    if (this.#verdict === "admitted") return 0;
    if (this.#verdict === undefined) {
      this.#found = verifyPeer(this.#gnutls, this.#session, options.host);
      this.#verdict = "asked";
    }
    return errors.again;
  }

  /** Called from inside GnuTLS when the server wants a certificate that is to be asked about; false stops the handshake. */
  noteCertificateRequest(request: ClientCertificateRequest): boolean {
    return this.#requested.note(request, this.#verdict === "admitted");
  }

  /** Called from inside GnuTLS, with the addresses of two datums: writes a client's key; anything but 0 refuses it. */
  writeKey(identityAt: number, keyAt: number): number {
    const identity = readDatum(readBytes(identityAt, datumBytes)).toString("utf8");
    const key = this.#setup.side === "server" ? this.#setup.options.psk?.(identity) : undefined;
    this.#unknownIdentity = key === undefined;
    if (key === undefined) return -1;
    giveDatum(this.#gnutls, keyAt, key);
    return 0;
  }

  /** Called when the body of a callback threw. */
  noteCallbackError(error: unknown): void {
    this.#callbackError ??= error instanceof Error ? error : new Error(String(error));
  }

  #asksForVerdict(): boolean {
    return this.#verdict === "asked";
  }

  #lacksCertificate(): boolean {
    const { side, options } = this.#setup;
    if (side === "client" || options.clientCertificates?.required !== true) return false;
    return this.#pskIdentity() === undefined && this.peerChain().length === 0;
  }

  #pskIdentity(): string | undefined {
    const { side, options } = this.#setup;
    if (options.psk === undefined || this.#gnutls.gnutls_auth_get_type(this.#session) !== keyCredentials)
      return undefined;
    return side === "client" ? options.psk.identity : clientIdentity(this.#gnutls, this.#session);
  }

  /**
   * Calls until the answer is final, or until GnuTLS has asked for a datagram that is not there: before that it may still
   * hold records of the last one, whatever it says. It never waits.
   */
  #repeat(call: () => number): number {
    for (let turn = 0; turn < maxTurns; turn += 1) {
      const before = this.#starvations;
      const code = call();
      const error = this.#callbackError;
      this.#callbackError = undefined;
      if (error !== undefined) throw error;
      if (code >= 0 || !passing.has(code)) return code;
      if (this.#asksForVerdict()) break;
      if (code === errors.rehandshake) {
        // RFC 5246 section 7.2.2; renegotiation is never taken up.
        this.#gnutls.gnutls_alert_send(this.#session, alertWarning, noRenegotiation);
      }
      if (this.#starvations !== before) break;
    }
    return errors.again;
  }

  /** Has the peer told by an alert, and names the failure. */
  #fail(code: number): EngineFailure {
    const { stoppedFor } = this.#requested;
    if (stoppedFor !== undefined) return datagramFarewell(this.#gnutls, this.#session, stoppedFor);
    const failed = { handle: this.#session, side: this.#setup.side };
    const fault = this.#unknownIdentity
      ? ({ type: "library", detail: "psk identity not found" } as const)
      : faultFrom(this.#gnutls, failed, code, this.#found);
    if (fault.type !== "alert-received") {
      const alert = this.#unknownIdentity ? unknownPskIdentity : alertFor(this.#gnutls, failed, code);
      this.#gnutls.gnutls_alert_send(this.#session, alertFatal, alert);
    }
    return new EngineFailure(fault);
  }

  #requireOpen(): void {
    // GnuTLS itself would crash.
    if (this.#session === 0) throw new EngineFailure({ type: "library", detail: "the path is closed" });
  }
}

// GnuTLS, includes/gnutls/gnutls.h
const keyCredentials = 4;
const shutWrite = 1;
const alertWarning = 1;
const alertFatal = 2;
const noRenegotiation = 100;
const unknownPskIdentity = 115;
const dtls12 = 202;
/** More than the records of a datagram, or of the few that wait at once. */
const maxTurns = 10_000;
/** Not the end of anything: go on while there are datagrams. */
const passing: ReadonlySet<number> = new Set([
  errors.again,
  errors.interrupted,
  errors.warningAlert,
  errors.gotApplicationData,
  errors.rehandshake,
]);
const againErrno = process.platform === "linux" || process.platform === "win32" ? 11 : 35;
