import { fstatSync, type Stats } from "node:fs";
import { FileError } from "@fairlead/core";
import type { ByteRange } from "@fairlead/http/range";
import type { BodySource, FlatFields } from "../exchange/index.ts";
import { closeDescriptor, readDescriptor } from "./descriptor.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 131_072;
const NO_TRAILERS: FlatFields = [];

/** A file that is open for reading, and what it was then. Whoever has it closes it, once nothing of it is being read. */
export class OpenFile {
  readonly #descriptor: number;
  readonly #stats: Stats;

  constructor(descriptor: number, stats: Stats) {
    this.#descriptor = descriptor;
    this.#stats = stats;
  }

  /** Bytes when it was opened. */
  get size(): number {
    return this.#stats.size;
  }

  /**
   * Reads a piece, as long as the buffer unless the file is at its end.
   *
   * Rejects with a FileError: FILE_CHANGED, for a file that has become shorter, or FILE_IO_FAILED.
   */
  async read(buffer: Uint8Array, position: number): Promise<void> {
    let filled = 0;
    while (filled < buffer.length) {
      const count = await readDescriptor(this.#descriptor, buffer.subarray(filled), position + filled).catch(
        (cause: unknown) => {
          throw new FileError("FILE_IO_FAILED", { operation: "read", cause });
        },
      );
      if (count === 0) throw changed();
      filled += count;
    }
  }

  /**
   * Sees that what was read is of one version, as the file was when it was found.
   *
   * @throws FileError FILE_CHANGED
   */
  requireUnchanged(): void {
    const { size, mtimeMs } = fstatSync(this.#descriptor);
    if (size !== this.#stats.size || mtimeMs !== this.#stats.mtimeMs) throw changed();
  }

  close(): void {
    closeDescriptor(this.#descriptor);
  }
}

/**
 * An answer that nobody sends or cancels, as when a plug-in fails after it was made, would keep its file open for good:
 * descriptors are numbers. Whoever takes it in keeps the rule; this is for those who do not.
 */
const forgotten = new FinalizationRegistry<OpenFile>((file) => {
  file.close();
});

/** Text, and parts of the file, in turn. */
export type ContentPart = Uint8Array | ByteRange;

/**
 * Parts of a file as content, read as they are taken. The file is closed at the end, on failure and when nobody wants the
 * rest. If it changes meanwhile, the last piece is never given: whoever gets the content sees that it is cut, and does not
 * take a mixture of two versions for the file.
 */
export class FileContent implements BodySource {
  readonly length: number;
  readonly trailers = NO_TRAILERS;
  readonly #file: OpenFile;
  readonly #parts: ContentPart[];
  /** Bytes of the first part that were given. */
  #given = 0;
  #left: number;
  #isReading = false;
  #isOver = false;
  #isClosed = false;

  constructor(file: OpenFile, parts: readonly ContentPart[]) {
    this.#file = file;
    this.#parts = [...parts];
    this.length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
    this.#left = this.length;
    forgotten.register(this, file, this);
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#isOver) return undefined;
    this.#isReading = true;
    try {
      const piece = await this.#next();
      this.#left -= piece?.length ?? 0;
      if (this.#left === 0) {
        this.#isOver = true;
        this.#file.requireUnchanged();
      }
      return piece;
    } catch (error) {
      this.#isOver = true;
      throw error;
    } finally {
      this.#isReading = false;
      this.#closeIfOver();
    }
  }

  cancel(): void {
    this.#isOver = true;
    this.#closeIfOver();
  }

  async #next(): Promise<Uint8Array | undefined> {
    const [part] = this.#parts;
    if (part === undefined) return undefined;
    if (part instanceof Uint8Array) {
      this.#parts.shift();
      return part;
    }
    const first = part.first + this.#given;
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, part.last - first + 1));
    await this.#file.read(piece, first);
    this.#given += piece.length;
    if (first + piece.length > part.last) {
      this.#given = 0;
      this.#parts.shift();
    }
    return piece;
  }

  /** Not while the system reads: another file may get the number of a descriptor that is closed. */
  #closeIfOver(): void {
    if (!this.#isOver || this.#isReading || this.#isClosed) return;
    this.#isClosed = true;
    forgotten.unregister(this);
    this.#file.close();
  }
}

function lengthOf(part: ContentPart): number {
  return part instanceof Uint8Array ? part.length : part.last - part.first + 1;
}

function changed(): FileError {
  return new FileError("FILE_CHANGED", { operation: "read" });
}
