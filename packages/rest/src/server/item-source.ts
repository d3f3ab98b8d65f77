import type { BodySource } from "@fairlead/server";

/** Values on their way to a client, each made octets when the client has room for it. */
export class ItemSource implements BodySource {
  readonly length = undefined;
  readonly trailers: readonly string[] = [];
  readonly #items: AsyncIterator<unknown> | Iterator<unknown>;
  readonly #write: (item: unknown) => Promise<Uint8Array>;
  readonly #onFailure: (error: unknown) => void;

  /** @param onFailure told of what ends it before its time, which then cuts the answer. */
  constructor(
    items: AsyncIterable<unknown> | Iterable<unknown>,
    write: (item: unknown) => Promise<Uint8Array>,
    onFailure: (error: unknown) => void,
  ) {
    this.#items = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#write = write;
    this.#onFailure = onFailure;
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      const next = await this.#items.next();
      return next.done === true ? undefined : await this.#write(next.value);
    } catch (error) {
      this.cancel();
      this.#onFailure(error);
      throw error;
    }
  }

  /** At once, also where the next item is being waited for: a generator hears of it behind that. */
  cancel(): void {
    void this.#end();
  }

  async #end(): Promise<void> {
    try {
      await this.#items.return?.();
    } catch {
      // What its end fails with, nobody waits for.
    }
  }
}

/** Whether these are values one after the other; text is one value. */
export function areItems(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}
