import { Readable } from "node:stream";

type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * A body that can be read once, made one that can be begun again: what was read is kept up to a limit, and given to the
 * next reader before the rest. One reads at a time.
 */
export class RepeatableBody {
  readonly #source: ByteSource;
  readonly #limitBytes: number;
  #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array> | undefined;
  #reading: Promise<void> | undefined;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  /** Chunks that are no longer kept. */
  #dropped = 0;
  #isWhole = true;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: ByteSource, limitBytes: number) {
    this.#source = source;
    this.#limitBytes = limitBytes;
  }

  /** Whether it can be read from its start. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** From the start. */
  async *read(): AsyncGenerator<Uint8Array, void> {
    try {
      for (let index = 0; ; index += 1) {
        while (index - this.#dropped >= this.#kept.length && !this.#ended) await (this.#reading ??= this.#pull());
        const chunk = this.#kept[index - this.#dropped];
        if (chunk === undefined) break;
        if (!this.#isWhole) this.#drop(index + 1);
        yield chunk;
      }
    } finally {
      if (!this.#isWhole) this.close(undefined);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Nobody will read it from the start again. */
  release(): void {
    this.#isWhole = false;
  }

  /** Nobody reads it any more. */
  close(reason: Error | undefined): void {
    this.#isWhole = false;
    this.#kept = [];
    if (this.#ended) return;
    this.#ended = true;
    if (reason !== undefined) this.#failure = { error: reason };
    if (this.#source instanceof Readable) {
      this.#source.on("error", () => undefined);
      this.#source.destroy(reason);
    } else {
      // What it does at its end is its own business.
      void (async (): Promise<unknown> => this.#iterator?.return?.())().catch(() => undefined);
    }
  }

  async #pull(): Promise<void> {
    try {
      this.#iterator ??=
        Symbol.asyncIterator in this.#source ? this.#source[Symbol.asyncIterator]() : this.#source[Symbol.iterator]();
      const result = await this.#iterator.next();
      if (result.done === true) {
        this.#ended = true;
      } else {
        this.#kept.push(result.value);
        this.#keptBytes += result.value.length;
        if (this.#keptBytes > this.#limitBytes) this.#isWhole = false;
      }
    } catch (error) {
      this.#ended = true;
      this.#failure = { error };
    } finally {
      this.#reading = undefined;
    }
  }

  #drop(end: number): void {
    this.#kept.splice(0, end - this.#dropped);
    this.#dropped = end;
  }
}
