import { FileError } from "@fairlead/core";
import type { DigestAlgorithm } from "@fairlead/http/digest-fields";
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { namingFile } from "../file-error.ts";

const PIECE_BYTES = 256 * 1024;

/** A file that is sent, as often as it takes, and stays the same meanwhile. */
export class FileBody {
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #stats: BigIntStats;

  /** Use {@link openFileBody}. */
  constructor(path: string, stats: BigIntStats) {
    this.#path = path;
    this.#stats = stats;
    this.sizeBytes = Number(stats.size);
  }

  /**
   * Its bytes, from the start; the next piece is read while one is sent.
   *
   * @throws FileError; FILE_CHANGED before the last piece, so that nobody takes what has come for the whole.
   */
  async *read(): AsyncGenerator<Uint8Array, void> {
    const handle = await this.#naming(() => open(this.#path, "r"));
    let next: Promise<Uint8Array> | undefined;
    try {
      await this.#requireSame(handle);
      next = this.sizeBytes > 0 ? this.#readPiece(handle, 0) : undefined;
      for (let at = 0; next !== undefined; ) {
        const piece: Uint8Array = await next;
        at += piece.length;
        next = undefined;
        if (at < this.sizeBytes) next = this.#readPiece(handle, at);
        else await this.#requireSame(handle);
        yield piece;
      }
    } finally {
      // Whoever reads no further does not wait for what was begun.
      await next?.catch(() => undefined);
      await handle.close();
    }
  }

  /** @throws FileError */
  async digest(algorithm: DigestAlgorithm): Promise<Uint8Array> {
    const hash = createHash(algorithm.replace("-", ""));
    for await (const piece of this.read()) hash.update(piece);
    return hash.digest();
  }

  async #readPiece(handle: FileHandle, at: number): Promise<Uint8Array> {
    const length = Math.min(PIECE_BYTES, this.sizeBytes - at);
    // What is sent belongs to who sends it until it is gone.
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await this.#naming(() => handle.read(buffer, 0, length, at));
    if (bytesRead === 0) throw this.#changed();
    return buffer.subarray(0, bytesRead);
  }

  async #requireSame(handle: FileHandle): Promise<void> {
    const { size, mtimeNs, ino, dev } = await this.#naming(() => handle.stat({ bigint: true }));
    const same = this.#stats;
    if (size !== same.size || mtimeNs !== same.mtimeNs || ino !== same.ino || dev !== same.dev) throw this.#changed();
  }

  #naming<Result>(run: () => Promise<Result>): Promise<Result> {
    return namingFile(this.#path, "read", run);
  }

  #changed(): FileError {
    return new FileError("FILE_CHANGED", { peer: this.#path, operation: "read" });
  }
}

/** @throws FileError, also for what is no regular file: its length is not known. */
export async function openFileBody(path: string): Promise<FileBody> {
  const stats = await namingFile(path, "read", () => stat(path, { bigint: true }));
  if (!stats.isFile()) throw new FileError("FILE_NOT_REGULAR", { peer: path, operation: "read" });
  return new FileBody(path, stats);
}
