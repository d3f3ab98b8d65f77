import { X509Certificate } from "node:crypto";
import { EventEmitter } from "node:events";
import { FairleadError, TimeoutError, TlsError, TransportError } from "@fairlead/core";
import type { DatagramPath, DatagramPathEvents } from "@fairlead/transport";
import type { TlsConnectOptions } from "../contract.ts";
import { engineErrorFrom, type EngineErrorPlace } from "../engine/engine-error.ts";
import { refusalAlert, type PeerEvidence, type PeerVerdict } from "../verdict/judge-peer.ts";
import { EngineFailure, type EngineSession } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import type { DtlsSocket } from "./contract.ts";
import type { DatagramEngine, DatagramEngineFacts } from "./datagram-engine.ts";
import { establishedRecords } from "./protocol/records.ts";

/** What the driver has to know beside the two things that it joins. */
export interface EnginePathOptions {
  readonly side: "client" | "server";
  /** Whether an identity was given beforehand. */
  readonly sentCertificate: boolean;
  readonly clock: Clock;
  readonly timeoutMilliseconds: number;
  /** Received already: what the handshake begins with on a server. */
  readonly received?: Uint8Array | undefined;
  /**
   * Decides about what the peer has shown, where certificates count: a client's judge is asked inside the handshake, a
   * server's after it. What it throws ends the path.
   */
  readonly judge: ((evidence: PeerEvidence) => Promise<PeerVerdict>) | undefined;
  /** Chooses the certificate that the server asks for; its signal ends with the handshake. What it throws ends the path. */
  readonly onClientCertificate?: TlsConnectOptions["onClientCertificate"];
  /** The session that a client offers: the certificate that it began with, and what finds what speaks against that now. */
  readonly resumption?:
    | {
        readonly leaf: X509Certificate;
        readonly judge: (leaf: X509Certificate) => TlsError | undefined;
      }
    | undefined;
  /** Takes the session of a full handshake in which the server was verified by this certificate. */
  readonly onSession?: ((session: EngineSession, leaf: X509Certificate) => void) | undefined;
}

/**
 * Joins an engine to a datagram path: the DTLS socket of every backend that is reached by FFI.
 *
 * It owns `below` from the start, and keeps the time for the engine: it repeats flights that nobody answers, and gives up
 * at the deadline. The engine is freed when the path is closed.
 */
export class EnginePath extends EventEmitter<DatagramPathEvents> implements DtlsSocket {
  readonly encrypted = true;
  authorized = false;
  authorizationError: Error | undefined;
  closed = false;

  readonly #below: DatagramPath;
  readonly #engine: DatagramEngine;
  readonly #options: EnginePathOptions;
  readonly #secured = Promise.withResolvers<this>();
  #facts: DatagramEngineFacts | undefined;
  #leaf: X509Certificate | undefined;
  #verdict: PeerVerdict | undefined;
  /** Calls of the engine that are under way: some ask the application, which may close the path then. */
  #inEngine = 0;
  /** What arrives while an answer is waited for. */
  #waiting: Uint8Array[] | undefined;
  /** Whoever awaits the handshake has had a turn to listen; until then what arrives waits here. */
  #unheard: Uint8Array[] | undefined = [];
  /** Of a question that somebody was asked, and who has to hear when nobody waits any more. */
  #asked: AbortController | undefined;
  #sentCertificate: boolean;
  /** Of the deadline, which stands still while somebody is asked. */
  #millisecondsLeft: number;
  #cancelDeadline: () => void = () => undefined;
  #cancelRetransmission: () => void = () => undefined;

  constructor(below: DatagramPath, engine: DatagramEngine, options: EnginePathOptions) {
    super();
    this.#below = below;
    this.#engine = engine;
    this.#options = options;
    this.#sentCertificate = options.sentCertificate;
    this.#millisecondsLeft = options.timeoutMilliseconds;
    // Whoever starts a handshake awaits `secured`; one that is thrown away unseen must not end the process.
    this.#secured.promise.catch(() => undefined);
    below.on("message", this.#onMessage);
    below.on("unreachable", this.#onUnreachable);
    below.on("close", this.#onClose);
    this.#startDeadline();
    this.#guarded(() => {
      if (options.received !== undefined) engine.feed(options.received);
      this.#advance();
    });
  }

  /** Resolves to the path when the handshake is over, and rejects with what it failed by. */
  get secured(): Promise<this> {
    return this.#secured.promise;
  }

  /** Whether the handshake is over. */
  get established(): boolean {
    return this.#facts !== undefined;
  }

  get peer(): string {
    return this.#below.peer;
  }

  get mtu(): number {
    return this.#facts?.maxPayloadBytes ?? 0;
  }

  get protocol(): string {
    return this.#facts?.version ?? "";
  }

  get cipherSuite(): string {
    return this.#facts?.cipherSuite ?? "";
  }

  get resumed(): boolean {
    return this.#facts?.resumed ?? false;
  }

  get alpnProtocol(): string | undefined {
    return this.#facts?.alpnProtocol;
  }

  get pskIdentity(): string | undefined {
    return this.#facts?.pskIdentity;
  }

  get peerCertificate(): X509Certificate | undefined {
    return this.#leaf;
  }

  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer {
    return this.#engine.exportKeyingMaterial(length, label, context);
  }

  send(bytes: Uint8Array): void {
    if (this.closed) return;
    const { mtu, peer } = this;
    if (bytes.length > mtu) {
      throw new TransportError("DATAGRAM_TOO_LARGE", {
        peer,
        operation: "send",
        detail: `${String(bytes.length)} bytes; this path takes ${String(mtu)} at most`,
      });
    }
    this.#guarded(() => {
      this.#engine.send(bytes);
      this.#flush();
    });
  }

  close(): void {
    this.#fail(undefined);
  }

  /** Gives up the handshake for a reason of the caller's. Has no effect once it is over. */
  abandon(reason: unknown): void {
    if (this.#facts === undefined) this.#fail(reason);
  }

  /** Ends the path; `undefined` is the proper way, in which the peer is told. */
  #fail(reason: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.#cancelDeadline();
    this.#cancelRetransmission();
    this.#asked?.abort(reason);
    this.#farewell(reason);
    if (this.#inEngine === 0) this.#engine.close();
    this.#below.off("message", this.#onMessage);
    this.#below.off("unreachable", this.#onUnreachable);
    this.#below.off("close", this.#onClose);
    this.#below.close();
    this.#secured.reject(reason ?? this.#closedError());
    this.emit("close", reason instanceof FairleadError ? reason : undefined);
  }

  /** Close_notify, or the alert that the engine made when it failed. */
  #farewell(reason: unknown): void {
    try {
      if (reason === undefined && this.#facts !== undefined) this.#engine.end();
      this.#flush();
    } catch {
      // What it ends with is known.
    }
  }

  readonly #onMessage = (bytes: Uint8Array): void => {
    if (this.#facts !== undefined) this.#hear(establishedRecords(bytes, this.#facts.overheadBytes));
    else if (this.#waiting !== undefined) keep(this.#waiting, bytes);
    else {
      this.#guarded(() => {
        this.#engine.feed(bytes);
        this.#advance();
      });
    }
  };

  #hear(records: Uint8Array): void {
    if (records.length === 0) return;
    if (this.#unheard !== undefined) {
      keep(this.#unheard, records);
      return;
    }
    this.#guarded(() => {
      this.#engine.feed(records);
      this.#deliver();
    });
  }

  readonly #onUnreachable = (error: TransportError): void => {
    if (this.#facts !== undefined) this.emit("unreachable", error);
    else if (this.#options.side === "client") this.#fail(error);
  };

  readonly #onClose = (reason: FairleadError | undefined): void => {
    this.#fail(reason ?? this.#closedError());
  };

  /** Whatever an engine throws ends the path. */
  #guarded(step: () => void): void {
    if (this.closed) return;
    this.#inEngine += 1;
    try {
      step();
    } catch (cause) {
      this.#fail(engineErrorFrom(cause, this.#place()));
    } finally {
      this.#leaveEngine();
    }
  }

  /** An engine is not freed while its library is still using it. */
  #leaveEngine(): void {
    this.#inEngine -= 1;
    if (this.closed && this.#inEngine === 0) this.#engine.close();
  }

  #advance(): void {
    const step = this.#engine.handshake();
    if (this.closed) return;
    if (step !== "need-data") this.#cancelRetransmission();
    switch (step) {
      case "need-data":
        this.#flush();
        this.#awaitAnswer();
        break;
      case "need-verdict":
        this.#flush();
        void this.#ask(
          () => this.#judge(),
          () => this.#advance(),
        );
        break;
      case "need-identity":
        this.#flush();
        void this.#ask(
          () => this.#chooseIdentity(),
          () => this.#advance(),
        );
        break;
      case "done":
        this.#finish();
        break;
    }
  }

  #awaitAnswer(): void {
    this.#cancelRetransmission();
    const milliseconds = this.#engine.retransmissionDue();
    if (milliseconds === undefined) return;
    this.#cancelRetransmission = this.#options.clock.schedule(Math.max(1, milliseconds), () => {
      this.#guarded(() => this.#advance());
    });
  }

  #startDeadline(): void {
    const { clock } = this.#options;
    const started = clock.now();
    const left = this.#millisecondsLeft;
    const cancel = clock.schedule(Math.max(1, left), () => {
      this.#fail(new TimeoutError("secure", { peer: this.peer, operation: "secure" }));
    });
    this.#cancelDeadline = () => {
      cancel();
      this.#millisecondsLeft = left - (clock.now() - started);
    };
  }

  /** Waits for an answer, whoever it is that is asked, and goes on with it. */
  async #ask(question: () => Promise<void>, goOn: () => void): Promise<void> {
    this.#waiting = [];
    this.#cancelDeadline();
    try {
      await question();
      if (this.closed) return;
      this.#startDeadline();
      for (const bytes of this.#waiting) this.#engine.feed(bytes);
      this.#waiting = undefined;
      this.#guarded(goOn);
    } catch (error) {
      this.#fail(error instanceof EngineFailure ? engineErrorFrom(error, this.#place()) : error);
    }
  }

  async #judge(): Promise<void> {
    const chain = this.#engine.peerChain();
    const library = this.#engine.verification();
    const verdict = await this.#options.judge?.({ chain, staple: "not-asked", library });
    if (this.closed) return;
    if (verdict?.admitted !== true) {
      this.#engine.refuse(refusalAlert(verdict?.objection));
      throw verdict?.objection ?? this.#unverified();
    }
    this.#engine.admit();
    this.#verdict = verdict;
  }

  async #chooseIdentity(): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const request = this.#engine.clientCertificateRequest();
    const identity = await this.#options.onClientCertificate?.(request, asked.signal);
    this.#asked = undefined;
    if (this.closed) return;
    this.#engine.identify(identity);
    this.#sentCertificate = identity !== undefined;
  }

  #finish(): void {
    const facts = this.#engine.facts();
    const isKeyed = facts.pskIdentity !== undefined;
    if (!isKeyed && facts.resumed) this.#verdict = this.#judgeResumed();
    if (!isKeyed && this.#verdict === undefined) {
      // However it came about that nobody asked: no server is let in that nobody judged.
      if (this.#options.side === "client") throw this.#unverified();
      if (this.#options.judge !== undefined) {
        void this.#ask(
          () => this.#judge(),
          () => this.#finish(),
        );
        return;
      }
    }
    this.#leaf = facts.resumed ? this.#options.resumption?.leaf : this.#shownLeaf();
    this.authorizationError = this.#verdict?.objection;
    const isVerified = this.#verdict?.admitted === true && !this.authorizationError && this.#leaf !== undefined;
    this.authorized = isKeyed || isVerified;
    this.#cancelDeadline();
    this.#facts = facts;
    this.#flush();
    this.#secured.resolve(this);
    if (isVerified && !facts.resumed) this.#handOverSession();
    // A promise is heard only after everything else of this turn.
    setImmediate(() => {
      const waiting = this.#unheard ?? [];
      this.#unheard = undefined;
      this.#guarded(() => {
        for (const records of waiting) this.#engine.feed(records);
        this.#deliver();
      });
    });
  }

  /** The chain was judged when the session began; what is left to judge is the certificate that it began with. */
  #judgeResumed(): PeerVerdict | undefined {
    const { resumption, judge, side } = this.#options;
    const objection = resumption?.judge(resumption.leaf);
    if (objection !== undefined) throw objection;
    // A server that asks for certificates gives no sessions: here is one that it did not give.
    if (side === "server" && judge !== undefined) throw this.#unverified();
    return resumption && { admitted: true, objection: undefined };
  }

  #shownLeaf(): X509Certificate | undefined {
    const [der] = this.#engine.peerChain();
    return der === undefined ? undefined : new X509Certificate(der);
  }

  #handOverSession(): void {
    const { onSession } = this.#options;
    const [session] = onSession === undefined ? [] : this.#engine.sessions();
    if (session !== undefined && this.#leaf !== undefined) onSession?.(session, this.#leaf);
  }

  #deliver(): void {
    while (!this.closed) {
      const plain = this.#engine.receive();
      if (plain === "need-data") break;
      if (plain === "end") {
        this.#fail(undefined);
        return;
      }
      this.emit("message", plain);
    }
    if (!this.closed) this.#flush();
  }

  /** Sends what the engine has for the peer, and tells whether there was anything. */
  #flush(): boolean {
    const datagrams = this.#engine.take();
    for (const datagram of datagrams) this.#below.send(datagram);
    return datagrams.length > 0;
  }

  #place(): EngineErrorPlace {
    const { side } = this.#options;
    const sentCertificate = this.#sentCertificate;
    return { side, peer: this.peer, sentCertificate, phase: this.#facts === undefined ? "handshake" : "established" };
  }

  #unverified(): TlsError {
    return new TlsError("CERTIFICATE_INVALID", { peer: this.peer, operation: "secure", detail: "nobody verified it" });
  }

  #closedError(): TransportError {
    return new TransportError("STREAM_CLOSED", { peer: this.peer, operation: this.established ? "send" : "secure" });
  }
}

/** Keeps a datagram for later; when there are many it is lost, as datagrams are. */
function keep(datagrams: Uint8Array[], bytes: Uint8Array): void {
  if (datagrams.length < maxKept) datagrams.push(bytes);
}

const maxKept = 64;
