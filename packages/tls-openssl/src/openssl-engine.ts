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
import type { CallbackPointers } from "./callback-pointers.ts";
import { certificateRequest, IdentityQuestion } from "./client-identity.ts";
import type { EngineParts } from "./engine-parts.ts";
import { exportKeys } from "./exported-keys.ts";
import { stepHandshake } from "./handshake-step.ts";
import { identifyConnection } from "./identity.ts";
import { KeptSessions } from "./kept-sessions.ts";
import { readString, type OpenSsl } from "./library.ts";
import { takeFault } from "./openssl-fault.ts";
import { PeerQuestion } from "./peer-question.ts";
import { prepareClient } from "./prepare-client.ts";
import { prepareServer } from "./prepare-server.ts";
import { QueueBio, type QueueBioMethod } from "./queue-bio.ts";
import { sessionFacts } from "./session-facts.ts";
import { readStaple } from "./stapling.ts";

/** What is shared by the engines of one binding. */
export interface OpenSslShared {
  readonly openssl: OpenSsl;
  readonly callbacks: CallbackPointers;
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
  readonly #transport: QueueBio;
  #parts: EngineParts;
  #ssl: number;
  #inputEnded = false;
  /** Found while there was plaintext to hand over first. */
  #failure: Error | undefined;

  static client(shared: OpenSslShared, context: Lease<number>, options: EngineClientOptions): OpenSslEngine {
    const engine = new OpenSslEngine(shared, context, { ...options, side: "client", asksClients: false });
    return engine.#with(() => prepareClient(shared.openssl, engine.#ssl, shared.callbacks, options));
  }

  static server(shared: OpenSslShared, context: Lease<number>, options: EngineServerOptions): OpenSslEngine {
    const asksClients = options.clientCertificates !== undefined;
    const engine = new OpenSslEngine(shared, context, { ...options, side: "server", asksClients });
    return engine.#with(() => prepareServer(shared.openssl, engine.#ssl, shared.callbacks, options));
  }

  private constructor(shared: OpenSslShared, context: Lease<number>, setup: OpenSslSetup) {
    const { openssl } = shared;
    this.#shared = shared;
    this.#openssl = openssl;
    this.#context = context;
    const ssl = openssl.SSL_new(context.value);
    if (ssl === 0) {
      context.release();
      throw new Error("OpenSSL: SSL_new failed");
    }
    this.#ssl = ssl;
    this.#transport = new QueueBio(shared.transport);
    openssl.SSL_set_bio(ssl, this.#transport.handle, this.#transport.handle);
    const takeOutput = (): Buffer | undefined => this.#transport.output.take();
    this.#parts = {
      peer: new PeerQuestion({ openssl, ssl, takeOutput, ...setup }),
      identity: new IdentityQuestion(),
      sessions: new KeptSessions(openssl),
      alpnProtocols: setup.alpnProtocols,
      keyLog: [],
    };
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
    return this.#parts.peer.take();
  }

  recycle(bytes: Buffer): void {
    this.#shared.transport.slabs.giveBack(bytes);
  }

  handshake(): HandshakeStep {
    this.#requireOpen();
    if (this.#parts.peer.isAsked) return "need-verdict";
    const step = stepHandshake(this.#openssl, this.#ssl, this.#parts.early, this.#shared.plaintext);
    if (step === "failed") throw this.#fail();
    if (this.#parts.peer.isDue(step)) return "need-verdict";
    if (step !== "done") return step;
    this.#parts.early?.close();
    this.#parts.peer.giveTickets();
    return step;
  }

  admit(): void {
    this.#requireOpen();
    this.#parts.peer.admit();
  }

  refuse(alert: number): void {
    this.#requireOpen();
    this.#parts.peer.refuse(alert);
  }

  clientCertificateRequest(): ClientCertificateRequest {
    this.#requireOpen();
    return certificateRequest(this.#openssl, this.#ssl);
  }

  identify(identity: TlsIdentity | undefined): void {
    this.#requireOpen();
    if (!this.#parts.identity.isAsked)
      throw new EngineFailure({ type: "library", detail: "no certificate was asked for" });
    if (identity !== undefined) identifyConnection(this.#openssl, this.#ssl, identity);
    this.#parts.identity.answer();
  }

  stapledResponse(): Uint8Array | undefined {
    this.#requireOpen();
    return readStaple(this.#openssl, this.#ssl);
  }

  earlyCapacity(): number {
    this.#requireOpen();
    return this.#parts.early?.capacity ?? 0;
  }

  sendEarly(bytes: Uint8Array): void {
    this.#requireOpen();
    this.#openssl.ERR_clear_error();
    if (this.#parts.early?.send(bytes) !== true) throw this.#fail();
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
    return this.#parts.keyLog.splice(0);
  }

  send(bytes: Uint8Array): void {
    this.#requireOpen();
    if (bytes.length === 0) return;
    this.#openssl.ERR_clear_error();
    if (this.#parts.early?.isOpen === true) {
      if (!this.#parts.early.send(bytes)) throw this.#fail();
      return;
    }
    this.#transport.output.expect(bytes.length);
    if (this.#openssl.SSL_write(this.#ssl, bytes, bytes.length) !== bytes.length) throw this.#fail();
  }

  receive(): Buffer | "need-data" | "end" {
    this.#requireOpen();
    if (this.#failure !== undefined) throw this.#failure;
    const early = this.#parts.early?.take();
    if (early !== undefined) return early;
    if (this.#parts.early?.isOpen === true) return "need-data";
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
    return sessionFacts(this.#openssl, this.#ssl, this.#parts);
  }

  peerChain(): readonly Uint8Array[] {
    this.#requireOpen();
    return this.#parts.peer.chain();
  }

  verification(): string | undefined {
    this.#requireOpen();
    return this.#parts.peer.found;
  }

  exportKeyingMaterial(length: number, label: string, context: Uint8Array | undefined): Buffer {
    this.#requireOpen();
    const out = Buffer.alloc(length);
    if (!exportKeys(this.#openssl, this.#ssl, out, label, context)) throw this.#fail();
    return out;
  }

  sessions(): readonly EngineSession[] {
    return this.#parts.sessions.take();
  }

  close(): void {
    if (this.#ssl === 0) return;
    const ssl = this.#ssl;
    this.#ssl = 0;
    this.#shared.live.delete(ssl);
    // Else OpenSSL would forget the session for early data of every connection that is cut.
    if (this.#parts.early !== undefined) this.#openssl.SSL_set_shutdown(ssl, bothDirections);
    this.#openssl.SSL_free(ssl);
    this.#transport.forget();
    this.#openssl.ERR_clear_error();
    this.#context.release();
  }

  /** Asked from inside OpenSSL, on behalf of which one of them answers. */
  parts(): EngineParts {
    return this.#parts;
  }

  /** Nothing stays behind of an engine that could not be made. */
  #with(prepare: () => Partial<EngineParts>): this {
    try {
      this.#parts = { ...this.#parts, ...prepare() };
      return this;
    } catch (error) {
      this.close();
      throw error;
    }
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

interface OpenSslSetup {
  readonly side: "client" | "server";
  readonly asksClients: boolean;
  readonly alpnProtocols: readonly string[];
}

// OpenSSL, include/openssl/ssl.h.in
const wantRead = 2;
const updateBoth = 1;
const bothDirections = 3;
const zeroReturn = 6;
const maxRecordBytes = 16_384;
