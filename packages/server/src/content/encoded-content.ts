import type { BodySource, FlatFields } from "../exchange/index.ts";
import { createEncoder, type CompressionCoding, type Encoder } from "./encoders.ts";

/**
 * Content that is compressed as it is read, and read as it is taken. What comes by and by is not held back: when nothing
 * more is there for the moment, what is in the compressor is sent.
 */
export class EncodedContent implements BodySource {
  readonly length = undefined;
  readonly #source: BodySource;
  readonly #encoder: Encoder;
  #output: AsyncIterator<Uint8Array> | undefined;
  /** Something was written that may not have come out. */
  #isHolding = false;
  #isCancelled = false;

  constructor(source: BodySource, coding: CompressionCoding) {
    this.#source = source;
    this.#encoder = createEncoder(coding);
  }

  get trailers(): FlatFields {
    return this.#source.trailers;
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#output === undefined) {
      // Its pieces are Buffers: it has no encoding for text.
      this.#output = this.#encoder[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      this.#feed().catch((error: unknown) => {
        this.#encoder.destroy(error instanceof Error ? error : new Error("the content failed", { cause: error }));
      });
    }
    try {
      const result = await this.#output.next();
      return result.done === true ? undefined : result.value;
    } catch (error) {
      // It was cut off by ourselves.
      if (this.#isCancelled) return undefined;
      throw error;
    }
  }

  cancel(reason?: unknown): void {
    this.#isCancelled = true;
    this.#source.cancel(reason);
    this.#encoder.destroy();
  }

  async #feed(): Promise<void> {
    // A file comes to its end by itself, and is smaller in one piece.
    const flushes = this.#source.length === undefined;
    for (;;) {
      const next = this.#source.read();
      const bytes = flushes ? await this.#flushedUntil(next) : await next;
      if (this.#encoder.destroyed) return;
      if (bytes === undefined) break;
      await this.#write(bytes);
    }
    this.#encoder.end();
  }

  /** Waits for the next piece, and flushes if it is not there at once. */
  async #flushedUntil(next: Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    const waiting = setImmediate(() => {
      if (this.#isHolding && !this.#encoder.destroyed) this.#encoder.flush();
      this.#isHolding = false;
    });
    try {
      return await next;
    } finally {
      clearImmediate(waiting);
    }
  }

  /** Resolves when it is compressed, and what came of it is taken but for a little; or when nobody wants it any more. */
  #write(bytes: Uint8Array): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#isHolding = true;
    this.#encoder.write(bytes, () => resolve(undefined));
    return promise;
  }
}
