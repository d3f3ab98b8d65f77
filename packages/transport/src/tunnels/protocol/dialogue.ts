import type { TransportErrorCode } from "@fairlead/core";

/** What is said to a proxy before it is a way through: bytes in, steps out, no I/O. */
export interface Dialogue<Answer> {
  /** What is said first. */
  readonly opening: Uint8Array;
  /** Takes what the proxy says; whatever it is, a step comes out. */
  receive(bytes: Uint8Array): DialogueStep<Answer>;
}

/** What to do next. */
export type DialogueStep<Answer> =
  | { readonly type: "need-data" }
  | { readonly type: "send"; readonly bytes: Uint8Array }
  /** It is over; `rest` belongs to whoever comes next. */
  | { readonly type: "done"; readonly answer: Answer; readonly rest: Uint8Array }
  | { readonly type: "failed"; readonly code: TransportErrorCode; readonly detail: string };

/** Bytes that came but were not enough yet, at most `maxBytes` of them. */
export class Pending {
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Everything that is not taken yet. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Whether there is no room for more. */
  get isFull(): boolean {
    return this.#bytes.length >= this.#maxBytes;
  }

  add(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
  }

  /** Takes the first bytes away; `undefined` when there are fewer. */
  take(length: number): Uint8Array | undefined {
    if (this.#bytes.length < length) return undefined;
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}
