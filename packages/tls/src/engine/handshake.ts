import { X509Certificate } from "node:crypto";
import type { TlsError } from "@fairlead/core";
import type { ClientCertificateRequest, TlsIdentity } from "../contract.ts";
import { type PeerEvidence, type PeerVerdict, refusalAlert } from "../verdict/judge-peer.ts";
import type { StapleVerdict } from "../verdict/staple-verdict.ts";
import { EngineFailure, type EngineFacts, type TlsEngine } from "./engine.ts";

/** What a handshake has to know beside its engine. */
export interface HandshakeOptions {
  readonly side: "client" | "server";
  /** Whether an identity was given beforehand. */
  readonly sentCertificate: boolean;
  /** The certificate that an offered session began with. */
  readonly sessionLeaf?: X509Certificate | undefined;
  /** Decides whether the peer is let in; without it the peer shows no certificate. */
  readonly judge?: ((evidence: PeerEvidence) => Promise<PeerVerdict>) | undefined;
  /** Finds what speaks against a session that was resumed. */
  readonly judgeResumed?: ((leaf: X509Certificate | undefined) => TlsError | undefined) | undefined;
  /** Chooses the certificate that the server asks for; its signal ends with the handshake. */
  readonly onClientCertificate?:
    | ((
        request: ClientCertificateRequest,
        signal: AbortSignal,
      ) => TlsIdentity | undefined | Promise<TlsIdentity | undefined>)
    | undefined;
}

/** Where a handshake has got to, for the driver. */
export type HandshakeProgress =
  | { readonly type: "need-data" | "early" | "done" }
  /** Nothing goes on before the answer; it is told to the engine, or the promise rejects with why the connection ends. */
  | { readonly type: "question"; readonly ask: () => Promise<void> };

/**
 * Leads an engine through its handshake: puts its questions to who can answer them, and lets nobody in who was not judged.
 * It does no I/O; what the engine has to say is the driver's to send.
 */
export class Handshake {
  readonly #engine: TlsEngine;
  readonly #options: HandshakeOptions;
  #isOver = false;
  /** Of a question that somebody was asked, and who has to hear when nobody waits any more. */
  #asked: AbortController | undefined;
  #facts: EngineFacts | undefined;
  #sentCertificate: boolean;
  #chain: readonly Uint8Array[] = [];
  #staple: Uint8Array | undefined;
  #verdict: PeerVerdict | undefined;
  #leafDer: Uint8Array | undefined;
  #leaf: X509Certificate | undefined;
  #objection: TlsError | undefined;
  #isKnown = false;

  constructor(engine: TlsEngine, options: HandshakeOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#sentCertificate = options.sentCertificate;
  }

  /** What both sides agreed on; known as soon as there can be plaintext. */
  get facts(): EngineFacts | undefined {
    return this.#facts;
  }

  get sentCertificate(): boolean {
    return this.#sentCertificate;
  }

  get chain(): readonly Uint8Array[] {
    return this.#chain;
  }

  get staple(): Uint8Array | undefined {
    return this.#staple;
  }

  /** What was made of it; `undefined` where nobody looked at one. */
  get stapleVerdict(): StapleVerdict | undefined {
    return this.#verdict?.staple;
  }

  /** Whether the peer showed who it is, or shares a key, and nothing speaks against it. */
  get authorized(): boolean {
    return this.#isKnown && this.#objection === undefined;
  }

  get objection(): TlsError | undefined {
    return this.#objection;
  }

  /** DER of the peer's own certificate, whatever it was shown by. */
  get leafDer(): Uint8Array | undefined {
    return this.#leafDer ?? this.#leaf?.raw;
  }

  /** Read when it is first asked for. */
  get leaf(): X509Certificate | undefined {
    this.#leaf ??= this.#leafDer && new X509Certificate(this.#leafDer);
    return this.#leaf;
  }

  /** Goes on as far as it gets. */
  advance(): HandshakeProgress {
    switch (this.#engine.handshake()) {
      case "need-data":
        return { type: "need-data" };
      case "need-verdict":
        return { type: "question", ask: () => this.#judge() };
      case "need-identity":
        return { type: "question", ask: () => this.#chooseIdentity() };
      case "early":
        this.#conclude();
        return { type: "early" };
      case "done":
        this.#conclude();
        return { type: "done" };
    }
  }

  /** Nobody waits for an answer any more. */
  end(reason: unknown): void {
    this.#isOver = true;
    this.#asked?.abort(reason);
  }

  async #judge(): Promise<void> {
    const engine = this.#engine;
    const chain = engine.peerChain();
    this.#chain = chain;
    this.#staple = engine.stapledResponse();
    const evidence = { chain, staple: this.#staple, library: engine.verification() };
    const verdict = (await this.#options.judge?.(evidence)) ?? nobody;
    if (this.#isOver) return;
    this.#verdict = verdict;
    if (verdict.admitted) {
      engine.admit();
      return;
    }
    engine.refuse(refusalAlert(verdict.objection));
    throw refusal(verdict);
  }

  async #chooseIdentity(): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const request = this.#engine.clientCertificateRequest();
    const identity = await this.#options.onClientCertificate?.(request, asked.signal);
    this.#asked = undefined;
    if (this.#isOver) return;
    this.#engine.identify(identity);
    this.#sentCertificate = identity !== undefined;
  }

  /** Takes over what both sides agreed on, unless the peer is nobody to talk to. */
  #conclude(): void {
    const facts = this.#engine.facts();
    this.#rememberLeaf(facts);
    const hasLeaf = (this.#leafDer ?? this.#leaf) !== undefined;
    if (this.#options.judge !== undefined) {
      // However it came about that nobody asked: nobody unverified is let in.
      const verdict = this.#finalVerdict(facts);
      if (!verdict.admitted) throw refusal(verdict);
      this.#objection = verdict.objection;
    }
    this.#isKnown = facts.pskIdentity !== undefined || (this.#options.judge !== undefined && hasLeaf);
    // Only now: before, a failure would be an error event of a socket that nobody has.
    this.#facts = facts;
  }

  /** A client knows what the session began with; a server finds it in the session. */
  #rememberLeaf({ resumed, sessionLeaf }: EngineFacts): void {
    if (resumed && this.#options.side === "client") this.#leaf = this.#options.sessionLeaf;
    else this.#leafDer = resumed ? sessionLeaf : this.#chain[0];
  }

  /** By a key that both sides know, by the session that is resumed, or by what was judged in the handshake. */
  #finalVerdict({ pskIdentity, resumed }: EngineFacts): PeerVerdict {
    if (pskIdentity !== undefined) return { admitted: true, objection: undefined };
    if (!resumed) return this.#verdict ?? nobody;
    const { judgeResumed } = this.#options;
    const objection = judgeResumed?.(this.leaf);
    return { admitted: judgeResumed !== undefined && objection === undefined, objection };
  }
}

const nobody: PeerVerdict = { admitted: false, objection: undefined };

function refusal({ objection }: PeerVerdict): Error {
  return objection ?? new EngineFailure({ type: "certificate", code: "UNSPECIFIED" });
}
