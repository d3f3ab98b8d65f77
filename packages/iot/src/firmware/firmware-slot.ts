import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { FileError, type FileErrorCode } from "@fairlead/core";

/** Where an image is written to: a file, or a partition of a flash memory. Nothing in it may run before it is verified. */
export interface FirmwareSlot {
  /** Writes all of them, over what was there before. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  /** Reads back what was written: `length` bytes, fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Resolves when what was written stays, even if the power fails. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file as a slot, and makes it, for its owner alone, where there is none. A link is not followed. Where the file was
 * longer than the image, the rest of it stays behind the image: only the image's own bytes are verified.
 *
 * @throws FileError FILE_NOT_FOUND, FILE_ACCESS_DENIED, FILE_NOT_REGULAR, FILE_NO_SPACE, FILE_IO_FAILED; so do its methods.
 */
export async function openFirmwareFile(path: string): Promise<FirmwareSlot> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = await told(path, "open", open(path, flags, 0o600));
  return {
    write: (bytes, offset) => told(path, "write", writeAll(file, bytes, offset)),
    read: (offset, length) => told(path, "read", readAll(file, offset, length)),
    sync: () => told(path, "write", file.datasync()),
    close: () => file.close(),
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, offset + at);
    at += bytesWritten;
  }
}

async function readAll(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

async function told<Result>(peer: string, operation: string, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (cause) {
    const system = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw new FileError(codes.get(system) ?? "FILE_IO_FAILED", { peer, operation, cause });
  }
}

const codes: ReadonlyMap<string, FileErrorCode> = new Map<string, FileErrorCode>([
  ["ENOENT", "FILE_NOT_FOUND"],
  ["EACCES", "FILE_ACCESS_DENIED"],
  ["EPERM", "FILE_ACCESS_DENIED"],
  ["EROFS", "FILE_ACCESS_DENIED"],
  ["EISDIR", "FILE_NOT_REGULAR"],
  ["ELOOP", "FILE_NOT_REGULAR"],
  ["ENOSPC", "FILE_NO_SPACE"],
  ["EDQUOT", "FILE_NO_SPACE"],
]);
