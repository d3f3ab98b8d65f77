import type { Duplex } from "node:stream";
import { FairleadError, TlsError, TransportError } from "@fairlead/core";
import type { TlsSocket } from "../contract.ts";
import type { Carrier, CarrierListener } from "./carrier.ts";
import { DescriptorCarrier, type DescriptorOpener } from "./descriptor-carrier.ts";
import { EarlyFlight } from "./early-flight.ts";
import { EngineFailure, type EngineSession, type TlsEngine } from "./engine.ts";
import { engineErrorFrom, type EngineErrorPlace } from "./engine-error.ts";
import { Handshake, type HandshakeOptions } from "./handshake.ts";
import { mayBeTls } from "./protocol/first-bytes.ts";
import { Outgoing, type WriteDone } from "./outgoing.ts";
import { SecuredStream } from "./secured-stream.ts";
import { StreamCarrier } from "./stream-carrier.ts";

/** What the driver has to know beside the two things that it joins. */
export interface EngineSocketOptions extends HandshakeOptions {
  readonly peer: string | undefined;
  /** Opens the descriptor of the stream below, where that is a socket; without it, all goes through the stream. */
  readonly descriptors?: DescriptorOpener | undefined;
  readonly onKeyLog?: ((line: string) => void) | undefined;
  /** Takes sessions of an authorized peer. */
  readonly onSession?: ((session: EngineSession, peer: Handshake) => void) | undefined;
}

/**
 * Joins an engine to a byte stream: the TLS socket of every backend that is reached by FFI.
 *
 * It owns `below` from the start. Writes wait for the handshake, or go before it where a session allows early data. The
 * engine is freed when the socket is destroyed, which it is once both directions have ended. A half of a connection is
 * closed by close_notify alone; `below` is ended when both halves are, so that a tunnel under it stays whole.
 */
export class EngineSocket extends SecuredStream implements TlsSocket {
  readonly #carrier: Carrier;
  readonly #engine: TlsEngine;
  readonly #options: EngineSocketOptions;
  readonly #secured = Promise.withResolvers<this>();
  readonly #done = Promise.withResolvers<undefined>();
  /** `early`: handed over, while the handshake goes on. */
  #stage: "handshake" | "early" | "established" = "handshake";
  readonly #handshake: Handshake;
  readonly #early: EarlyFlight;
  readonly #outgoing: Outgoing;
  /** Calls of the engine that are under way: some ask the application, which may destroy the socket then. */
  #inEngine = 0;
  /** An answer is awaited; the engine is left alone until then. */
  #asking = false;
  /** Whoever awaits the handshake has had a turn to listen for errors; nothing is delivered before. */
  #heard = false;
  #unheardError: Error | undefined;
  #firstBytes = 0;
  /** The reader has room. */
  #wanted = true;
  #delivering = false;
  #belowEnded = false;
  /** close_notify was read. */
  #peerEnded = false;
  #finished = false;
  constructor(below: Duplex, engine: TlsEngine, options: EngineSocketOptions) {
    const handshake = new Handshake(engine, options);
    super({ allowHalfOpen: below.allowHalfOpen }, options.side, handshake);
    this.#engine = engine;
    this.#options = options;
    this.#handshake = handshake;
    // Whoever starts a handshake awaits `secured`; a socket that is thrown away unseen must not end the process.
    this.#secured.promise.catch(() => undefined);
    this.#done.promise.catch(() => undefined);
    this.#early = new EarlyFlight(engine);
    const listener: CarrierListener = {
      onBytes: (bytes) => this.#onBytes(bytes),
      onEnd: () => this.#onEnd(),
      onDrain: () => this.#outgoing.proceed(),
      onError: (error) => this.#onError(error),
      onClose: () => this.#onClose(),
    };
    const recycle = (bytes: Buffer): void => engine.recycle(bytes);
    this.#carrier =
      DescriptorCarrier.open(options.descriptors, below, listener, recycle) ??
      new StreamCarrier(below, listener, recycle);
    this.#outgoing = new Outgoing(engine, this.#carrier, this.#early, (step) => this.#guarded(step));
    if (this.#early.isOpen) this.#handOver("early");
    else {
      this.#guarded(() => {
        this.#advance();
        this.#carrier.resume();
      });
    }
  }

  /**
   * Resolves to the socket when the handshake is over, or early data may be written or has come, and rejects with a
   * `TlsError` when it fails before.
   */
  get secured(): Promise<this> {
    return this.#secured.promise;
  }

  exportKeyingMaterial(length: number, label: string, context?: Buffer): Buffer {
    return this.#named(() => this.#engine.exportKeyingMaterial(length, label, context));
  }

  get earlyData(): TlsSocket["earlyData"] {
    return this.#early.isPending ? "pending" : (this.#handshake.facts?.earlyData ?? "none");
  }

  get handshakeDone(): Promise<void> {
    return this.#done.promise;
  }

  updateKeys(): void {
    if (!this.#named(() => this.#engine.updateKeys())) {
      throw new TlsError("TLS_OPTION_UNSUPPORTED", {
        peer: this.#options.peer,
        detail: `updateKeys, by ${this.getProtocol() ?? "a connection that is not secure yet"}`,
        remedy: "use TLS 1.3",
      });
    }
    this.#outgoing.flush();
  }

  /** Gives up the handshake for a reason of the caller's. Has no effect once it is over. */
  abandon(reason: unknown): void {
    if (this.#stage !== "handshake" || this.destroyed) return;
    this.#secured.reject(reason);
    this.#done.reject(reason);
    this.destroy();
  }

  override _read(): void {
    this.#wanted = true;
    if (this.#heard && this.#hasFacts) this.#guarded(() => this.#deliver());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: WriteDone): void {
    this.#outgoing.write(chunk, this.#mayWrite, done);
  }

  override _final(done: WriteDone): void {
    const ended = (): void => {
      this.#finished = true;
      this.#endBelow();
    };
    this.#outgoing.end(() => this.#stage === "established", ended, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const whole = error === null && this.#finished && this.#peerEnded;
    if (this.#inEngine === 0) this.#engine.close();
    if (this.#stage !== "established" || this.#outgoing.isAwaited) {
      const reason = error ?? this.#closed();
      this.#handshake.end(reason);
      this.#secured.reject(reason);
      this.#done.reject(reason);
      this.#outgoing.fail(reason);
    }
    this.#carrier.close(whole ? "after-writes" : "now");
    done(error);
  }

  #onBytes(bytes: Uint8Array): void {
    if (this.#peerEnded) return;
    this.#guarded(() => {
      if (this.#firstBytes < 2) this.#checkFirstBytes(bytes);
      this.#engine.feed(bytes);
      this.#advance();
      if (!this.destroyed) this.#engine.keepInput();
    });
  }

  #onEnd(): void {
    if (this.#belowEnded) return;
    this.#belowEnded = true;
    if (this.#stage === "handshake" || this.#heard) this.#guarded(() => this.#advance());
  }

  /** Closed without an error: by an end that was heard, or by its owner. */
  #onClose(): void {
    this.#onEnd();
    if (this.#asking) this.#guarded(endQuestion);
    if (this.#peerEnded && !this.#finished) this.destroy();
  }

  #onError(error: Error): void {
    if (this.#stage !== "handshake") {
      if (this.#heard) this.destroy(error);
      else this.#unheardError ??= error;
      return;
    }
    const { peer } = this.#options;
    const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
    this.abandon(
      error instanceof FairleadError
        ? error
        : new TlsError("TLS_CLOSED_IN_HANDSHAKE", { peer, operation: "secure", detail: code, cause: error }),
    );
  }

  /** Whatever an engine throws ends the connection, and the peer is told by the alert that the engine made. */
  #guarded(step: () => void): void {
    if (this.destroyed) return;
    this.#inEngine += 1;
    try {
      step();
    } catch (cause) {
      const error = engineErrorFrom(cause, this.#place());
      this.#outgoing.flushAlert();
      this.#fail(error);
    } finally {
      this.#leaveEngine();
    }
  }

  /** An engine is not freed while its library is still using it. */
  #leaveEngine(): void {
    this.#inEngine -= 1;
    if (this.destroyed && this.#inEngine === 0) this.#engine.close();
  }

  /** Before anybody has the socket, its promise tells; after that, its error event. */
  #fail(reason: unknown): void {
    if (this.#stage === "handshake") this.abandon(reason);
    else this.destroy(reason instanceof Error ? reason : engineErrorFrom(reason, this.#place()));
  }

  /** What the engine throws is named for a caller as well. */
  #named<T>(ask: () => T): T {
    if (this.destroyed) throw this.#closed("use");
    try {
      return ask();
    } catch (cause) {
      throw engineErrorFrom(cause, this.#place());
    }
  }

  #advance(): void {
    if (this.#asking) return;
    if (this.#belowEnded) this.#engine.feedEnd();
    if (this.#stage !== "established") this.#shakeHands();
    if (this.#heard && this.#hasFacts && !this.destroyed) this.#deliver();
  }

  /** Goes on with the handshake as far as it gets. */
  #shakeHands(): void {
    const progress = this.#handshake.advance();
    if (this.destroyed) return;
    this.#handOverKeyLog();
    switch (progress.type) {
      case "need-data":
        this.#outgoing.flush();
        if (this.#belowEnded) throw new EngineFailure({ type: "truncated" });
        return;
      case "question":
        this.#ask(progress.ask);
        return;
      case "early":
        this.#outgoing.flush();
        if (this.#stage === "handshake") this.#handOver("early");
        return;
      case "done":
        this.#establish();
        return;
    }
  }

  /** Leaves the engine alone until the question is answered. */
  #ask(question: () => Promise<void>): void {
    this.#asking = true;
    this.#outgoing.flush();
    this.#carrier.pause();
    question().then(
      () => this.#answered(() => this.#advance()),
      (reason: unknown) => this.#answered(() => this.#giveUp(reason)),
    );
  }

  #answered(goOn: () => void): void {
    if (this.destroyed) return;
    this.#asking = false;
    this.#carrier.resume();
    this.#guarded(goOn);
  }

  #giveUp(reason: unknown): void {
    this.#outgoing.flushAlert();
    this.#fail(reason);
  }

  #establish(): void {
    this.#outgoing.flush();
    const isHeld = this.#stage === "early";
    if (!isHeld) this.#handOver("established");
    this.#stage = "established";
    this.#done.resolve(undefined);
    if (!isHeld) return;
    const early = this.#early.takeBack();
    if (this.#handshake.facts?.earlyData !== "accepted") early.forEach((part) => this.#engine.send(part));
    this.#outgoing.flush();
    this.#outgoing.proceed();
  }

  #handOver(stage: "early" | "established"): void {
    this.#stage = stage;
    this.#carrier.pause();
    this.#secured.resolve(this);
    setImmediate(this.#begin);
  }

  /** A promise is heard only after everything that a stream says in its own turn: an error then would hit nobody. */
  readonly #begin = (): void => {
    this.#heard = true;
    if (this.#unheardError !== undefined) this.destroy(this.#unheardError);
    this.#early.close();
    this.#outgoing.proceed();
    this.#guarded(() => {
      this.#advance();
      if (this.#stage === "early" && !this.#asking) this.#carrier.resume();
    });
  };

  /** Passes plaintext on while the reader has room; reads more from below only then. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#wanted && !this.#peerEnded && !this.destroyed) {
        const plain = this.#engine.receive();
        if (plain === "need-data") break;
        if (plain === "end") this.#endReading();
        else this.#wanted = this.push(plain);
      }
    } finally {
      this.#delivering = false;
    }
    // What came with the last plaintext is kept as well, whoever closed meanwhile.
    this.#handOverSessions();
    if (this.destroyed) return;
    this.#outgoing.flush();
    this.#handOverKeyLog();
    if (this.#carrier.unsentBytes > maxUnsentBytes) {
      throw new EngineFailure({ type: "library", detail: "the peer asks for answers faster than it takes them" });
    }
    if (this.#wanted && this.#belowEnded && !this.#peerEnded) throw new EngineFailure({ type: "truncated" });
    // The handshake goes on whether early data is read or not.
    if (this.#wanted || this.#peerEnded || this.#stage === "early") this.#carrier.resume();
    else this.#carrier.pause();
  }

  #endReading(): void {
    this.#peerEnded = true;
    this.push(null);
    this.#endBelow();
  }

  #handOverKeyLog(): void {
    const { onKeyLog } = this.#options;
    if (onKeyLog !== undefined) this.#engine.keyLog().forEach((line) => onKeyLog(line));
  }

  #handOverSessions(): void {
    const { onSession } = this.#options;
    if (onSession === undefined) return;
    for (const session of this.#engine.sessions()) {
      if (this.authorized) onSession(session, this.#handshake);
    }
  }

  /** A server may answer early data before the handshake is over, where its library can. */
  readonly #mayWrite = (): boolean =>
    this.#stage === "established" || (this.#hasFacts && this.#handshake.facts?.answersLate !== true);

  #endBelow(): void {
    if (this.#finished && this.#peerEnded) this.#carrier.end();
  }

  #checkFirstBytes(chunk: Uint8Array): void {
    const unknown = this.#firstBytes === 0 ? chunk.subarray(0, 2) : Buffer.of(22, ...chunk.subarray(0, 1));
    this.#firstBytes += chunk.length;
    if (mayBeTls(unknown)) return;
    throw new TlsError("TLS_NOT_SPOKEN", { peer: this.#options.peer, operation: "secure" });
  }

  #place(): EngineErrorPlace {
    const { side, peer } = this.#options;
    const { sentCertificate, chain } = this.#handshake;
    return {
      side,
      peer,
      sentCertificate,
      peerShown: this.#stage !== "established" && chain.length > 0,
      phase: this.#stage === "established" ? "established" : "handshake",
    };
  }

  /** There can be plaintext. */
  get #hasFacts(): boolean {
    return this.#handshake.facts !== undefined;
  }

  #closed(operation = "write"): TransportError {
    return new TransportError("STREAM_CLOSED", { peer: this.#options.peer, operation });
  }
}

/** Writes wait for `below` to drain; only answers to the peer's own messages can pile up past this. */
const maxUnsentBytes = 4_194_304;

/** No answer helps a connection on which nothing can be said. */
function endQuestion(): never {
  throw new EngineFailure({ type: "truncated" });
}
