import { isIP } from "node:net";
import type { ClientCertificateRequest, TlsIdentity } from "@fairlead/tls";
import {
  EngineFailure,
  type EngineClientOptions,
  type EngineFacts,
  type EngineServerOptions,
  type EngineSession,
  type HandshakeStep,
  type Lease,
  type PlaintextSlab,
  type TlsEngine,
} from "@fairlead/tls/engine";
import type { OpenSslCallbacks } from "./callbacks.ts";
import { certificateRequest, IdentityQuestion } from "./client-identity.ts";
import { earlyCapacity, EarlyReceiver, EarlySender, earlyStatus, type EarlyData } from "./early-data.ts";
import { identifyConnection } from "./identity.ts";
import { addressOf, cString, encodeDer, readString, type OpenSsl } from "./library.ts";
import { takeFault } from "./openssl-fault.ts";
import { PeerQuestion } from "./peer-question.ts";
import { KnownPsks, OfferedPsk, type PskKeys } from "./psk.ts";
import { QueueBio, type QueueBioMethod } from "./queue-bio.ts";
import { sessionFacts } from "./session-facts.ts";
import { giveStaple, readStaple, requestStaple } from "./stapling.ts";

/** What is shared by the engines of one binding. */
export interface OpenSslShared {
  readonly openssl: OpenSsl;
  readonly callbacks: OpenSslCallbacks;
  /** Engines that are not closed, by their SSL: how callbacks find them, and how tests count them. */
  readonly live: Map<number, OpenSslEngine>;
  /** Plaintext is decrypted here; one is enough, because no call of OpenSSL outlives its turn. */
  readonly plaintext: PlaintextSlab;
  readonly transport: QueueBioMethod;
}

/** One side of a connection: an SSL whose transport is two queues. */
export class OpenSslEngine implements TlsEngine {
  readonly #shared: OpenSslShared;
  readonly #openssl: OpenSsl;
  readonly #context: Lease<number>;
  readonly #peer: PeerQuestion;
  readonly #identity = new IdentityQuestion();
  readonly #alpnProtocols: readonly string[];
  #ssl: number;
  readonly #transport: QueueBio;
  #inputEnded = false;
  /** Found while there was plaintext to hand over first. */
  #failure: Error | undefined;
  #sessions: EngineSession[] = [];
  #keyLog: string[] = [];
  #staple: Uint8Array | undefined;
  /** Tickets that a client gets once it has been let in. */
  #owesTickets = false;
  #early: EarlyData | undefined;
  #psk: PskKeys | undefined;

  static client(shared: OpenSslShared, context: Lease<number>, options: EngineClientOptions): OpenSslEngine {
    const engine = new OpenSslEngine(shared, context, { ...options, side: "client", asksClients: false });
    engine.#prepareClient(options);
    return engine;
  }

  static server(shared: OpenSslShared, context: Lease<number>, options: EngineServerOptions): OpenSslEngine {
    const asksClients = options.clientCertificates !== undefined;
    const engine = new OpenSslEngine(shared, context, { ...options, side: "server", asksClients });
    shared.openssl.SSL_set_accept_state(engine.#ssl);
    engine.#staple = options.identity?.ocspResponse;
    engine.#owesTickets = asksClients && options.psk === undefined;
    if (options.psk !== undefined) {
      engine.#psk = new KnownPsks(shared.openssl, engine.#ssl, shared.callbacks, options.psk);
    }
    if (options.maxEarlyBytes > 0)
      engine.#early = new EarlyReceiver(shared.openssl, engine.#ssl, options.maxEarlyBytes);
    return engine;
  }

  private constructor(shared: OpenSslShared, context: Lease<number>, setup: OpenSslSetup) {
    const { openssl } = shared;
    this.#shared = shared;
    this.#openssl = openssl;
    this.#context = context;
    this.#alpnProtocols = setup.alpnProtocols;
    const ssl = openssl.SSL_new(context.value);
    this.#ssl = ssl;
    this.#transport = new QueueBio(shared.transport);
    openssl.SSL_set_bio(ssl, this.#transport.handle, this.#transport.handle);
    const { side, asksClients } = setup;
    const takeOutput = (): Buffer | undefined => this.#transport.output.take();
    this.#peer = new PeerQuestion({ openssl, ssl, side, asksClients, takeOutput });
    shared.live.set(ssl, this);
  }

  feed(bytes: Uint8Array): void {
    this.#requireOpen();
    this.#transport.input.add(bytes);
  }

  keepInput(): void {
    this.#transport.input.keep();
  }

  feedEnd(): void {
    this.#requireOpen();
    this.#inputEnded = true;
    this.#transport.endInput();
  }

  take(): Buffer | undefined {
    this.#requireOpen();
    return this.#peer.take();
  }

  recycle(bytes: Buffer): void {
    this.#shared.transport.slabs.giveBack(bytes);
  }

  handshake(): HandshakeStep {
    this.#requireOpen();
    if (this.#peer.isAsked) return "need-verdict";
    const step = this.#step();
    if (this.#peer.isDue(step)) return "need-verdict";
    if (step !== "done") return step;
    this.#early?.close();
    if (this.#owesTickets) this.#giveTickets();
    return step;
  }

  admit(): void {
    this.#requireOpen();
    this.#peer.admit();
  }

  refuse(alert: number): void {
    this.#requireOpen();
    this.#peer.refuse(alert);
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

  stapledResponse(): Uint8Array | undefined {
    this.#requireOpen();
    return readStaple(this.#openssl, this.#ssl);
  }

  earlyCapacity(): number {
    this.#requireOpen();
    return this.#early?.capacity ?? 0;
  }

  sendEarly(bytes: Uint8Array): void {
    this.#requireOpen();
    this.#openssl.ERR_clear_error();
    if (this.#early?.send(bytes) !== true) throw this.#fail();
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
    const lines = this.#keyLog;
    this.#keyLog = [];
    return lines;
  }

  send(bytes: Uint8Array): void {
    this.#requireOpen();
    if (bytes.length === 0) return;
    this.#openssl.ERR_clear_error();
    if (this.#early?.isOpen === true) {
      if (!this.#early.send(bytes)) throw this.#fail();
      return;
    }
    this.#transport.output.expect(bytes.length);
    if (this.#openssl.SSL_write(this.#ssl, bytes, bytes.length) !== bytes.length) throw this.#fail();
  }

  receive(): Buffer | "need-data" | "end" {
    this.#requireOpen();
    if (this.#failure !== undefined) throw this.#failure;
    const early = this.#early?.take();
    if (early !== undefined) return early;
    if (this.#early?.isOpen === true) return "need-data";
    const { plaintext } = this.#shared;
    const { address, size } = plaintext.open();
    let length = 0;
    let end: "need-data" | "end" | undefined;
    while (end === undefined && length + maxRecordBytes <= size) {
      this.#openssl.ERR_clear_error();
      const result = this.#openssl.SSL_read(this.#ssl, address + length, size - length);
      if (result > 0) length += result;
      else end = this.#stopReading(this.#openssl.SSL_get_error(this.#ssl, result), length > 0);
    }
    return length === 0 ? (end ?? "need-data") : plaintext.give(length);
  }

  end(): void {
    this.#requireOpen();
    this.#openssl.SSL_shutdown(this.#ssl);
    this.#openssl.ERR_clear_error();
  }

  facts(): EngineFacts {
    this.#requireOpen();
    const facts = sessionFacts(this.#openssl, this.#ssl);
    const pskIdentity = this.#psk?.identity;
    const resumed = facts.resumed && pskIdentity === undefined;
    return {
      ...facts,
      resumed,
      pskIdentity,
      sessionLeaf: resumed ? this.#peer.leaf() : undefined,
      earlyData: earlyStatus(this.#openssl, this.#ssl),
      earlyBytes: this.#early?.received,
    };
  }

  peerChain(): readonly Uint8Array[] {
    this.#requireOpen();
    return this.#peer.chain();
  }

  verification(): string | undefined {
    this.#requireOpen();
    return this.#peer.found;
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
    // Else OpenSSL would forget the session for early data of every connection that is cut.
    if (this.#early !== undefined) this.#openssl.SSL_set_shutdown(ssl, bothDirections);
    this.#openssl.SSL_free(ssl);
    this.#transport.forget();
    this.#openssl.ERR_clear_error();
    this.#context.release();
  }

  /** Called from inside OpenSSL, as all that follow; none may throw there. True goes on. */
  verify(store: number): boolean {
    return this.#peer.verify(store);
  }

  mayShowIdentity(): boolean {
    return this.#identity.mayGoOn();
  }

  /** What refuses a client, instead of a ticket. */
  ticketAlert(): number | undefined {
    return this.#peer.ticketAlert;
  }

  /** Whether there is a response to staple, and it was taken. */
  staple(): boolean {
    return this.#staple !== undefined && giveStaple(this.#openssl, this.#ssl, this.#staple);
  }

  offerPsk(identityAt: number, identityRoom: number, keyAt: number, keyRoom: number): number {
    return this.#psk?.offer?.(identityAt, identityRoom, keyAt, keyRoom) ?? 0;
  }

  lookUpPsk(identityAt: number, keyAt: number, keyRoom: number): number {
    return this.#psk?.lookUp?.(identityAt, keyAt, keyRoom) ?? 0;
  }

  findPsk(identityAt: number, identityLength: number, sessionAt: number): boolean {
    return this.#psk?.find?.(identityAt, identityLength, sessionAt) === true;
  }

  logKey(line: string): void {
    this.#keyLog.push(line);
  }

  /** A session has arrived. */
  keepSession(session: number): void {
    if (this.#openssl.SSL_SESSION_is_resumable(session) !== 1) return;
    this.#sessions.push({
      bytes: encodeDer((out) => this.#openssl.i2d_SSL_SESSION(session, out)),
      lifetimeSeconds: this.#openssl.SSL_SESSION_get_ticket_lifetime_hint(session),
    });
    // A server that sends tickets without end is not remembered without end.
    if (this.#sessions.length > maxSessions) this.#sessions.shift();
  }

  /**
   * Chooses in the client's list: the place and length of the protocol. RFC 7301 section 3.2.
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

  #prepareClient(options: EngineClientOptions): void {
    const { host, serverName, session, psk, asksForIdentity } = options;
    const openssl = this.#openssl;
    const ssl = this.#ssl;
    openssl.SSL_set_connect_state(ssl);
    if (isIP(host) === 0) {
      openssl.SSL_set_hostflags(ssl, noPartialWildcards | neverSubject);
      openssl.SSL_set1_host(ssl, cString(host));
    } else {
      openssl.X509_VERIFY_PARAM_set1_ip_asc(openssl.SSL_get0_param(ssl), cString(host));
    }
    if (serverName !== undefined) openssl.SSL_ctrl(ssl, serverNameControl, 0, cString(serverName));
    if (this.#alpnProtocols.length > 0) {
      const list = Buffer.concat(
        this.#alpnProtocols.map((each) => Buffer.from(`${lengthByte(each)}${each}`, "latin1")),
      );
      openssl.SSL_set_alpn_protos(ssl, list, list.length);
    }
    requestStaple(openssl, ssl);
    if (asksForIdentity) openssl.SSL_set_cert_cb(ssl, this.#shared.callbacks.chooseCertificate, 0);
    if (psk !== undefined) this.#psk = new OfferedPsk(openssl, ssl, this.#shared.callbacks, psk);
    else if (session !== undefined) this.#offer(session, options);
    openssl.ERR_clear_error();
  }

  /** Goes as far as OpenSSL gets. */
  #step(): HandshakeStep {
    this.#openssl.ERR_clear_error();
    const before = this.#early?.received;
    const result = this.#goOn();
    if (result === 1) return "done";
    switch (this.#openssl.SSL_get_error(this.#ssl, result)) {
      case wantRead:
        return this.#early?.received === before ? "need-data" : "early";
      case wantRetryVerify:
        return "need-verdict";
      case wantCertificate:
        return "need-identity";
      default:
        throw this.#fail();
    }
  }

  /** A server that takes early data does so first; a client's ends where the handshake goes on. */
  #goOn(): number {
    if (this.#early instanceof EarlyReceiver && this.#early.isReading) {
      const { address, size } = this.#shared.plaintext.open();
      if (this.#early.read(address, size) === "stopped") return 0;
    } else if (this.#early instanceof EarlySender) this.#early.close();
    return this.#openssl.SSL_do_handshake(this.#ssl);
  }

  /** As many as OpenSSL gives of itself: two, and one for a session that was resumed. TLS 1.2 has sent its own. */
  #giveTickets(): void {
    const openssl = this.#openssl;
    this.#owesTickets = false;
    if (openssl.SSL_version(this.#ssl) < tls13) return;
    const tickets = openssl.SSL_session_reused(this.#ssl) === 1 ? 1 : 2;
    for (let ticket = 0; ticket < tickets; ticket += 1) openssl.SSL_new_session_ticket(this.#ssl);
    this.#step();
  }

  #offer(bytes: Uint8Array, options: EngineClientOptions): void {
    const session = this.#openssl.d2i_SSL_SESSION(0, [addressOf(bytes)], bytes.length);
    if (session === 0) return;
    if (this.#openssl.SSL_set_session(this.#ssl, session) === 1 && options.earlyData) {
      this.#early = new EarlySender(this.#openssl, this.#ssl, earlyCapacity(this.#openssl, session, options));
    }
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

  #fail(): Error {
    const thrown = this.#transport.takeError();
    if (thrown !== undefined) {
      this.#openssl.ERR_clear_error();
      return thrown;
    }
    const fault = takeFault(this.#openssl, this.#ssl, this.#inputEnded);
    return new EngineFailure(fault);
  }

  #requireOpen(): void {
    if (this.#ssl === 0) throw new EngineFailure({ type: "library", detail: "the connection is closed" });
  }
}

function lengthByte(protocol: string): string {
  return String.fromCharCode(protocol.length);
}

interface OpenSslSetup {
  readonly side: "client" | "server";
  readonly asksClients: boolean;
  readonly alpnProtocols: readonly string[];
}

// OpenSSL, include/openssl/{ssl,bio,x509v3}.h.in
const serverNameControl = 55;
const wantRead = 2;
const wantCertificate = 4;
const wantRetryVerify = 12;
const updateBoth = 1;
const bothDirections = 3;
const tls13 = 0x0304;
const zeroReturn = 6;
const noPartialWildcards = 0x4;
const neverSubject = 0x20;
const maxRecordBytes = 16_384;
const maxSessions = 16;
