import { constants, createDeflateRaw, type DeflateRaw } from "node:zlib";
import type { Compression } from "./compression.ts";

/** The octets of an empty block, which every message ends with and which are not sent. RFC 7692 section 7.2.1. */
const TAIL_LENGTH = 4;

/** Compresses messages, one at a time. */
export class Deflater {
  readonly #options: Compression;
  #engine: DeflateRaw | undefined;
  #chunks: Buffer[] = [];
  #isClosed = false;

  constructor(options: Compression) {
    this.#options = options;
  }

  /** @param done is called later with the message as it is to be sent; not after {@link close}. */
  take(message: Uint8Array, done: (error: Error | undefined, compressed: Buffer) => void): void {
    const engine = (this.#engine ??= this.#open());
    engine.write(message, (error) => {
      if (this.#isClosed) return;
      const all = Buffer.concat(this.#chunks);
      this.#chunks = [];
      if (this.#options.noContextTakeover) engine.reset();
      done(error ?? undefined, all.subarray(0, -TAIL_LENGTH));
    });
  }

  /** Gives its memory back. */
  close(): void {
    this.#isClosed = true;
    this.#engine?.close();
    this.#engine = undefined;
  }

  #open(): DeflateRaw {
    const engine = createDeflateRaw({ windowBits: this.#options.windowBits, flush: constants.Z_SYNC_FLUSH });
    engine.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
    // What fails is told to the write.
    engine.on("error", () => undefined);
    return engine;
  }
}
