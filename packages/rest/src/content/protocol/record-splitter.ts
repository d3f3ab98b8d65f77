import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { GatheredOctets } from "./gathered-octets.ts";

/** Cuts a stream at each separator, an octet that is within no record. */
export class RecordSplitter {
  readonly #separator: number;
  readonly #limitBytes: number;
  readonly #facts: ContentErrorFacts;
  readonly #begun = new GatheredOctets();

  constructor(separator: number, limitBytes: number, facts: ContentErrorFacts) {
    this.#separator = separator;
    this.#limitBytes = limitBytes;
    this.#facts = facts;
  }

  /**
   * Takes in what came, and gives the records that are whole, empty ones too.
   *
   * @throws ContentError CONTENT_LIMIT
   */
  *read(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    let from = 0;
    for (let at = bytes.indexOf(this.#separator); at !== -1; at = bytes.indexOf(this.#separator, from)) {
      const rest = bytes.subarray(from, at);
      from = at + 1;
      this.#requireRoom(rest.length);
      yield this.#begun.take(rest);
    }
    this.#requireRoom(bytes.length - from);
    this.#begun.put(bytes.subarray(from));
  }

  /** What is behind the last separator. */
  end(): Uint8Array {
    return this.#begun.take();
  }

  #requireRoom(more: number): void {
    if (this.#begun.length + more <= this.#limitBytes) return;
    throw new ContentError("CONTENT_LIMIT", {
      ...this.#facts,
      detail: `an item of more than ${String(this.#limitBytes)} octets`,
    });
  }
}
