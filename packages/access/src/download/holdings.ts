import { joinRanges, missingRanges, type ByteRange } from "@fairlead/http/range";
import type { DownloadProgress } from "./options.ts";

/** Which bytes of a version are in the draft, and what that says of how far the download has come. */
export class Holdings {
  #held: readonly ByteRange[] = [];
  #bytes = 0;
  #mostBytes = 0;
  #discardedBytes = 0;
  #leftBytes = 0;

  /** Bytes that are there. */
  get bytes(): number {
    return this.#bytes;
  }

  /** In order, none touching another. */
  get held(): readonly ByteRange[] {
    return this.#held;
  }

  /** Bytes from the start, without a gap. */
  get fromStart(): number {
    const [first] = this.#held;
    return first?.first === 0 ? first.last + 1 : 0;
  }

  /** The most that was ever there: more than that is progress, also of what began again. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  /** How much of what is there an earlier call had left. */
  get resumedFromBytes(): number {
    return this.#discardedBytes === 0 ? this.#leftBytes : 0;
  }

  /** Takes over what an earlier call had left. */
  resume(held: readonly ByteRange[]): void {
    for (const range of held) this.add(range);
    this.#leftBytes = this.#bytes;
  }

  add(range: ByteRange): void {
    this.#held = joinRanges([...this.#held, range]);
    this.#bytes = this.#held.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    this.#mostBytes = Math.max(this.#mostBytes, this.#bytes);
  }

  /** Gives up all that is there. */
  clear(): void {
    this.#discardedBytes += this.#bytes;
    this.#held = [];
    this.#bytes = 0;
  }

  missing(completeLength: number): readonly ByteRange[] {
    return missingRanges(this.#held, completeLength);
  }

  progress(completeLength: number | undefined): DownloadProgress {
    return {
      receivedBytes: this.#discardedBytes + this.#bytes,
      totalBytes: completeLength === undefined ? undefined : this.#discardedBytes + completeLength,
      resumedFromBytes: this.#leftBytes,
      discardedBytes: this.#discardedBytes,
    };
  }
}
