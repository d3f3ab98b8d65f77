import type { FileHandle } from "node:fs/promises";
import { fileErrorFrom } from "../file-error.ts";
import type { BodySink } from "../response-receiver.ts";

/** Bytes that wait while others are written; past this the sender is held back. */
const WAITING_LIMIT_BYTES = 2 * 1024 * 1024;
/** Pieces that one call of the system takes: Linux's IOV_MAX. */
const PIECES_LIMIT = 1_024;

/** Where a body is written to. */
export interface WritingPlace {
  readonly handle: FileHandle;
  readonly path: string;
  /** Of the first byte; `undefined` for what can only be written on and on. */
  readonly position: number | undefined;
  /** Bytes at the most, and what is wrong when more come. */
  readonly limit: { readonly bytes: number; readonly exceeded: () => Error };
  /** Told after each write how many bytes it was. What it throws ends the writing. */
  readonly onWritten: (bytes: number) => void;
}

/**
 * Writes a body to a file while it comes: what has come during one write is what the next one writes, in one call. What has
 * come is written also when the rest does not.
 */
export class BodyWriter implements BodySink {
  readonly #place: WritingPlace;
  readonly #finished: PromiseWithResolvers<undefined> = Promise.withResolvers();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #takenBytes = 0;
  #position: number | undefined;
  #isWriting = false;
  #isHeldBack = false;
  /** What has become of the body; `undefined` while it comes. */
  #outcome: { readonly error: unknown } | "whole" | undefined;
  /** Asks for more, once somebody can be asked. */
  onRoom: (() => void) | undefined;
  /** Writing has failed, and nothing more is of use. */
  onFailure: (() => void) | undefined;

  constructor(place: WritingPlace) {
    this.#place = place;
    this.#position = place.position;
    this.#finished.promise.catch(() => undefined);
  }

  /**
   * Resolves when all of the body is written.
   *
   * @throws FileError, what `onWritten` threw, or what the body failed with.
   */
  get finished(): Promise<unknown> {
    return this.#finished.promise;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#outcome !== undefined) return false;
    const { limit } = this.#place;
    if (this.#takenBytes + chunk.length > limit.bytes) {
      this.fail(limit.exceeded());
      this.onFailure?.();
      return false;
    }
    this.#takenBytes += chunk.length;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#writeOn();
    this.#isHeldBack = this.#waitingBytes > WAITING_LIMIT_BYTES;
    return !this.#isHeldBack;
  }

  end(): void {
    this.#settle("whole");
  }

  fail(error: unknown): void {
    this.#settle({ error });
  }

  #settle(outcome: { readonly error: unknown } | "whole"): void {
    this.#outcome ??= outcome;
    this.#writeOn();
  }

  /** Begins the next write, or ends, when the one before is over. */
  #writeOn(): void {
    if (this.#isWriting) return;
    if (this.#waiting.length > 0) {
      this.#isWriting = true;
      void this.#writeWaiting();
    } else if (this.#outcome === "whole") {
      this.#finished.resolve(undefined);
    } else if (this.#outcome !== undefined) {
      this.#finished.reject(this.#outcome.error);
    }
  }

  async #writeWaiting(): Promise<void> {
    const pieces = this.#waiting.length > PIECES_LIMIT ? this.#waiting.splice(0, PIECES_LIMIT) : this.#waiting;
    if (pieces === this.#waiting) this.#waiting = [];
    try {
      await this.#writePieces(pieces);
    } catch (cause) {
      this.#outcome = { error: cause };
      this.#waiting = [];
      this.onFailure?.();
    }
    this.#isWriting = false;
    this.#writeOn();
    if (!this.#isHeldBack || this.#waitingBytes > WAITING_LIMIT_BYTES) return;
    this.#isHeldBack = false;
    this.onRoom?.();
  }

  async #writePieces(pieces: Uint8Array[]): Promise<void> {
    const { handle, path, onWritten } = this.#place;
    for (let left = pieces; left.length > 0; ) {
      let bytesWritten: number;
      try {
        ({ bytesWritten } = await handle.writev(left, this.#position));
      } catch (cause) {
        throw fileErrorFrom(cause, path, "write");
      }
      if (this.#position !== undefined) this.#position += bytesWritten;
      this.#waitingBytes -= bytesWritten;
      onWritten(bytesWritten);
      left = withoutFirst(left, bytesWritten);
    }
  }
}

/** The pieces without their first bytes. */
function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}
