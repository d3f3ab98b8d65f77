import { FileError } from "@fairlead/core";
import type { ByteRange } from "@fairlead/http/range";
import type { FileHandle } from "node:fs/promises";
import { fileErrorFrom } from "../../file-error.ts";

/** Bytes that are read at once. */
const CHUNK_BYTES = 256 * 1024;

/** A part of a file as it is asked for, piece by piece. It closes the file at its end, and when it is given up. */
export class FileBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #handle: FileHandle;
  readonly #peer: string;
  readonly #end: number;
  #at: number;
  #closed: Promise<void> | undefined;

  constructor(handle: FileHandle, { first, last }: ByteRange, peer: string) {
    this.#handle = handle;
    this.#peer = peer;
    this.#at = first;
    this.#end = last + 1;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const left = this.#end - this.#at;
    if (left <= 0 || this.#closed !== undefined) return this.return();
    const chunk = Buffer.allocUnsafeSlow(Math.min(left, CHUNK_BYTES));
    try {
      const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, this.#at);
      if (bytesRead === 0) {
        throw new FileError("FILE_CHANGED", { peer: this.#peer, operation: "read", detail: "it became shorter" });
      }
      this.#at += bytesRead;
      return { done: false, value: chunk.subarray(0, bytesRead) };
    } catch (error) {
      await this.return();
      throw fileErrorFrom(error, this.#peer, "read");
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await (this.#closed ??= this.#handle.close());
    return { done: true, value: undefined };
  }
}
