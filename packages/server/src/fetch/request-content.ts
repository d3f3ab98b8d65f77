import type { BodySource, FlatFields } from "../exchange/index.ts";

/** The content of a request, which remembers why it did not come whole: that decides about the answer. */
export class RequestContent implements BodySource {
  readonly #source: BodySource;
  /** What the reader was told; `undefined` as long as all is well. */
  failure: unknown;

  constructor(source: BodySource) {
    this.#source = source;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): FlatFields {
    return this.#source.trailers;
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      return await this.#source.read();
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  cancel(reason?: unknown): void {
    this.#source.cancel(reason);
  }
}
