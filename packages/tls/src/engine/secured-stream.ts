import type { X509Certificate } from "node:crypto";
import { Duplex, type DuplexOptions } from "node:stream";
import type { CipherNameAndProtocol } from "node:tls";
import type { StapleVerdict } from "../verdict/staple-verdict.ts";
import type { Handshake } from "./handshake.ts";

/** The part of a TLS socket that tells what was agreed on, in the words of `tls.TLSSocket`. */
export abstract class SecuredStream extends Duplex {
  readonly encrypted = true;
  readonly #handshake: Handshake;
  readonly #side: "client" | "server";

  constructor(options: DuplexOptions, side: "client" | "server", handshake: Handshake) {
    super(options);
    this.#side = side;
    this.#handshake = handshake;
  }

  get authorized(): boolean {
    return this.#handshake.authorized;
  }

  get authorizationError(): Error | null {
    return this.#handshake.objection ?? null;
  }

  get alpnProtocol(): string | false | null {
    const { facts } = this.#handshake;
    return facts === undefined ? null : (facts.alpnProtocol ?? false);
  }

  get stapledOcspResponse(): Uint8Array | undefined {
    return this.#handshake.staple;
  }

  get stapleVerdict(): StapleVerdict | undefined {
    return this.#handshake.stapleVerdict;
  }

  get earlyBytes(): number {
    return this.#handshake.facts?.earlyBytes ?? 0;
  }

  get pskIdentity(): string | undefined {
    return this.#handshake.facts?.pskIdentity;
  }

  get extendedMasterSecret(): boolean | undefined {
    return this.#handshake.facts?.extendedMasterSecret;
  }

  getProtocol(): string | null {
    return this.#handshake.facts?.version ?? null;
  }

  getCipher(): CipherNameAndProtocol {
    const { version = "", cipher = { name: "", standardName: "" } } = this.#handshake.facts ?? {};
    return { ...cipher, version };
  }

  getEphemeralKeyInfo(): object | null {
    if (this.#side === "server") return null;
    const group = this.#handshake.facts?.group;
    return group === undefined ? {} : { type: "ECDH", name: group };
  }

  getPeerX509Certificate(): X509Certificate | undefined {
    return this.#handshake.leaf;
  }

  getPeerChain(): readonly Uint8Array[] {
    return this.#handshake.chain;
  }

  isSessionReused(): boolean {
    return this.#handshake.facts?.resumed ?? false;
  }
}
