import type { TlsEngine } from "./engine.ts";

/**
 * What a client sends before the handshake begins. It is kept until the server has taken it: what was rejected is sent
 * again, to a server that was verified by then. RFC 8446 section 2.3.
 */
export class EarlyFlight {
  readonly #engine: TlsEngine;
  readonly #kept: Buffer[] = [];
  #left: number;

  constructor(engine: TlsEngine) {
    this.#engine = engine;
    this.#left = Math.min(engine.earlyCapacity(), maxKeptBytes);
  }

  /** Whether anything may be sent early still. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  /** Whether anything was, and its fate is not known. */
  get isPending(): boolean {
    return this.#kept.length > 0;
  }

  /** Encrypts as much of it as there is room for, and returns how much that is. */
  send(bytes: Uint8Array): number {
    const part = Buffer.from(bytes.subarray(0, this.#left));
    if (part.length === 0) return 0;
    this.#engine.sendEarly(part);
    this.#kept.push(part);
    this.#left -= part.length;
    return part.length;
  }

  /** The handshake begins: everything else waits for its end. */
  close(): void {
    this.#left = 0;
  }

  /** Gives back what was sent, and keeps none of it. */
  takeBack(): readonly Buffer[] {
    return this.#kept.splice(0);
  }
}

/** Servers may allow 4 GiB. */
const maxKeptBytes = 65_536;
