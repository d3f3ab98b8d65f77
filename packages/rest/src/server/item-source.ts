import { setImmediate as nextTurn } from "node:timers/promises";
import type { BodySource } from "@fairlead/server";

/** Octets that are gathered into one piece, as far as they are there. */
const PIECE_BYTES = 16_384;

/**
 * Values on their way to a client, each made text when the client has room for it. What is there without waiting is sent
 * together, one piece a turn of the event loop: a list of a million has no other client wait.
 */
export class ItemSource implements BodySource {
  readonly length = undefined;
  readonly trailers: readonly string[] = [];
  readonly #items: AsyncIterator<unknown> | Iterator<unknown>;
  readonly #write: (item: unknown) => Promise<string>;
  readonly #onFailure: (error: unknown) => void;
  /** Asked for, and not yet there; `undefined` in it is the end. */
  #next: Promise<string | undefined> | undefined;

  /** @param onFailure told of what ends it before its time, which then cuts the answer. */
  constructor(
    items: AsyncIterable<unknown> | Iterable<unknown>,
    write: (item: unknown) => Promise<string>,
    onFailure: (error: unknown) => void,
  ) {
    this.#items = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#write = write;
    this.#onFailure = onFailure;
  }

  async read(): Promise<Uint8Array | undefined> {
    const turn = nextTurn(WAITING);
    let text = "";
    while (text.length < PIECE_BYTES) {
      if (this.#next === undefined) {
        this.#next = this.#pull();
        // It may fail when nobody waits for it any more.
        this.#next.catch(() => undefined);
      }
      try {
        const item = text === "" ? await this.#next : await Promise.race([this.#next, turn]);
        // The end, and a failure, are for the next time where something is to be sent before.
        if (item === WAITING || (item === undefined && text !== "")) break;
        if (item === undefined) return undefined;
        this.#next = undefined;
        text += item;
      } catch (error) {
        if (text !== "") break;
        this.cancel();
        this.#onFailure(error);
        throw error;
      }
    }
    await turn;
    return Buffer.from(text);
  }

  /** At once, also where the next item is being waited for: a generator hears of it behind that. */
  cancel(): void {
    void this.#end();
  }

  async #pull(): Promise<string | undefined> {
    const next = await this.#items.next();
    return next.done === true ? undefined : this.#write(next.value);
  }

  async #end(): Promise<void> {
    try {
      await this.#items.return?.();
    } catch {
      // What its end fails with, nobody waits for.
    }
  }
}

const WAITING = Symbol("waiting");

/** Whether these are values one after the other; text is one value. */
export function areItems(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}
