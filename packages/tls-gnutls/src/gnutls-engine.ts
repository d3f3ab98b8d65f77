import type { ClientCertificateRequest } from "@fairlead/tls";
import {
  EngineFailure,
  type EngineFacts,
  type EngineSession,
  type HandshakeStep,
  type NativeMemory,
  type PlaintextSlab,
  type SlabPool,
  type TlsEngine,
} from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import type { EngineParts } from "./engine-parts.ts";
import { exportKeys } from "./exported-keys.ts";
import { errors } from "./gnutls-errors.ts";
import { GnuTlsSession } from "./gnutls-session.ts";
import { addressOf, type GnuTls } from "./library.ts";
import type { GnuTlsSetup } from "./prepare-session.ts";
import { QueueTransport } from "./queue-transport.ts";
import { isTls13, peerChain, sessionFacts } from "./session-facts.ts";
import { readStaple } from "./stapling.ts";

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
  readonly #transport: QueueTransport;
  readonly #session: GnuTlsSession;
  readonly #parts: EngineParts;
  /** Found while there was plaintext to hand over first. */
  #failure: EngineFailure | undefined;

  constructor(shared: GnuTlsShared, setup: GnuTlsSetup) {
    this.#shared = shared;
    this.#gnutls = shared.gnutls;
    this.#setup = setup;
    this.#transport = new QueueTransport(shared.gnutls, shared.memory, shared.slabs);
    this.#session = new GnuTlsSession(shared.gnutls, setup, this.#transport);
    this.#parts = { transport: this.#transport, session: this.#session };
    shared.live.set(this.#session.handle, this);
    try {
      this.#session.prepare(shared.callbacks);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  feed(bytes: Uint8Array): void {
    this.#session.requireOpen();
    this.#transport.input.add(bytes);
    this.#session.readAlong(bytes);
  }

  keepInput(): void {
    this.#transport.input.keep();
  }

  feedEnd(): void {
    this.#session.requireOpen();
    this.#transport.endInput();
  }

  take(): Buffer | undefined {
    this.#session.requireOpen();
    return this.#transport.output.take();
  }

  recycle(bytes: Buffer): void {
    this.#shared.slabs.giveBack(bytes);
  }

  handshake(): HandshakeStep {
    this.#session.requireOpen();
    const session = this.#session;
    if (!session.question.isOpen && !session.handshakeIsOver) session.shakeHands(this.#shared.plaintext);
    if (session.question.isOpen) return "need-verdict";
    if (session.handshakeIsOver) return "done";
    return session.earlyReceiver === undefined || session.earlyReceiver.received === 0 ? "need-data" : "early";
  }

  admit(): void {
    this.#session.requireOpen();
    this.#session.question.admit();
  }

  refuse(alert: number): void {
    this.#session.requireOpen();
    this.#session.alert(alert);
  }

  clientCertificateRequest(): ClientCertificateRequest {
    return { authorities: [], keyTypes: [] };
  }

  /** GnuTLS asks for the certificate by a callback that cannot wait: the handshake ends with the request instead. */
  identify(): void {
    throw new EngineFailure({ type: "library", detail: "the certificate was not asked for" });
  }

  stapledResponse(): Uint8Array | undefined {
    this.#session.requireOpen();
    return readStaple(this.#gnutls, this.#session.handle);
  }

  earlyCapacity(): number {
    this.#session.requireOpen();
    return this.#session.earlySender?.capacity ?? 0;
  }

  sendEarly(bytes: Uint8Array): void {
    this.#session.requireOpen();
    if (this.#session.earlySender === undefined)
      throw new EngineFailure({ type: "library", detail: "early data is not taken" });
    this.#session.earlySender.send(bytes);
  }

  updateKeys(): boolean {
    this.#session.requireOpen();
    // Before that GnuTLS would use keys that are not there.
    if (!this.#session.handshakeIsOver)
      throw new EngineFailure({ type: "library", detail: "the handshake is not over" });
    if (!isTls13(this.#gnutls, this.#session.handle)) return false;
    const code = this.#gnutls.gnutls_session_key_update(this.#session.handle, updateBoth);
    if (code < 0) throw this.#session.fail(code);
    return true;
  }

  keyLog(): readonly string[] {
    return this.#session.keyLog.take();
  }

  send(bytes: Uint8Array): void {
    this.#session.requireOpen();
    const address = addressOf(bytes);
    this.#transport.output.expect(bytes.length);
    for (let offset = 0; offset < bytes.length; ) {
      const part = Math.min(bytes.length - offset, maxRecordBytes);
      const sent = this.#gnutls.gnutls_record_send(this.#session.handle, address + offset, part);
      if (sent <= 0) throw this.#session.fail(sent);
      offset += sent;
    }
  }

  receive(): Buffer | "need-data" | "end" {
    this.#session.requireOpen();
    if (this.#failure !== undefined) throw this.#failure;
    const early = this.#session.earlyReceiver?.take();
    if (early !== undefined) return early;
    if (!this.#session.handshakeIsOver) return "need-data";
    const { plaintext } = this.#shared;
    const { address, size } = plaintext.open();
    let length = 0;
    let end: "need-data" | "end" | undefined;
    while (end === undefined && length + maxRecordBytes <= size) {
      const at = address + length;
      const got = this.#session.repeat(() => this.#gnutls.gnutls_record_recv(this.#session.handle, at, size - length));
      if (got > 0) length += got;
      else if (got === 0) end = "end";
      else if (got === errors.again) end = "need-data";
      else {
        this.#failure = this.#session.fail(got);
        if (length === 0) throw this.#failure;
        end = "need-data";
      }
    }
    return length === 0 ? (end ?? "need-data") : plaintext.give(length);
  }

  end(): void {
    this.#session.requireOpen();
    this.#gnutls.gnutls_bye(this.#session.handle, shutWrite);
  }

  facts(): EngineFacts {
    this.#session.requireOpen();
    const facts = sessionFacts(this.#gnutls, this.#session.handle);
    const [leaf] = facts.resumed && this.#setup.side === "server" ? peerChain(this.#gnutls, this.#session.handle) : [];
    return {
      ...facts,
      sessionLeaf: leaf,
      pskIdentity: this.#session.sharedKey.identity(this.#session.handle),
      earlyData: this.#session.earlySender?.status,
      earlyBytes: this.#session.earlyReceiver?.received,
      answersLate: true,
    };
  }

  peerChain(): readonly Uint8Array[] {
    this.#session.requireOpen();
    return peerChain(this.#gnutls, this.#session.handle);
  }

  verification(): string | undefined {
    this.#session.requireOpen();
    return this.#session.question.found;
  }

  exportKeyingMaterial(length: number, label: string, context: Uint8Array | undefined): Buffer {
    this.#session.requireOpen();
    const out = Buffer.alloc(length);
    const code = exportKeys(this.#gnutls, this.#session.handle, out, label, context);
    if (code < 0) throw this.#session.fail(code);
    return out;
  }

  sessions(): readonly EngineSession[] {
    return this.#session.saved.take();
  }

  close(): void {
    const { handle } = this.#session;
    if (handle === 0) return;
    this.#session.free();
    this.#shared.live.delete(handle);
  }

  /** Asked from inside GnuTLS, on behalf of which one of them answers. */
  parts(): EngineParts {
    return this.#parts;
  }

  /** Called when the body of a callback threw. */
  noteCallbackError(error: unknown): void {
    this.#session.noteCallbackError(error);
  }
}

// GnuTLS, includes/gnutls/gnutls.h
const shutWrite = 1;
/** GNUTLS_KU_PEER */
const updateBoth = 1;
const maxRecordBytes = 16_384;
