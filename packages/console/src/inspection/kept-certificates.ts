import { createHash } from "node:crypto";
import type { ConnectionFacts } from "@fairlead/access";
import { type PeerCertificates, peerCertificates } from "./peer-certificates.ts";

interface KeptChain {
  readonly pem: readonly string[];
  readonly bytes: number;
}

/**
 * What the peers of connections have shown, within a number of bytes: equal chains are kept once, and past the limit the
 * one goes first that no connection has shown for longest.
 */
export class KeptCertificates {
  readonly #limitBytes: number;
  /** By fingerprint, the one that was shown last at the end. */
  readonly #chains = new Map<string, KeptChain>();
  readonly #shown = new WeakMap<
    ConnectionFacts,
    Pick<PeerCertificates, "group" | "staple"> & { readonly fingerprint: string }
  >();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Of all chains, as PEM. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `undefined` where there were none, and where they are kept no longer. */
  of(connection: ConnectionFacts): PeerCertificates | undefined {
    const shown = this.#shown.get(connection);
    const chain = shown && this.#chains.get(shown.fingerprint);
    return chain && { chain: chain.pem, group: shown.group, staple: shown.staple };
  }

  /** Keeps what a connection shows that is open. With early data there is nothing before the handshake is over. */
  note(connection: ConnectionFacts): void {
    if (connection.tls === undefined || this.of(connection) !== undefined) return;
    const found = peerCertificates(connection);
    if (found === undefined) return;
    const { chain, group, staple } = found;
    const hash = createHash("sha256");
    // Each ends with a line of its own, so that no two chains are the same text.
    for (const each of chain) hash.update(each);
    const fingerprint = hash.digest("base64");
    this.#shown.set(connection, { fingerprint, group, staple });
    const bytes = chain.reduce((sum, { length }) => sum + length, 0);
    const known = this.#chains.get(fingerprint);
    this.#chains.delete(fingerprint);
    this.#chains.set(fingerprint, known ?? { pem: chain, bytes });
    if (known === undefined) this.#bytes += bytes;
    this.#makeRoom();
  }

  /** Forgets them all. */
  clear(): void {
    this.#chains.clear();
    this.#bytes = 0;
  }

  #makeRoom(): void {
    for (const [fingerprint, { bytes }] of this.#chains) {
      if (this.#bytes <= this.#limitBytes) return;
      this.#chains.delete(fingerprint);
      this.#bytes -= bytes;
    }
  }
}
