import { close, open, read } from "node:fs";

/*
 * Files by their descriptors. A FileHandle of node:fs/promises costs more than a small file takes to be read.
 */

/** Opens a file; rejects with the system's error. */
export function openDescriptor(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, flags, (error, descriptor) => {
      if (error === null) resolve(descriptor);
      else reject(error);
    });
  });
}

/** Reads what there is at a position, up to the buffer's length, and says how much it was; 0 at the file's end. */
export function readDescriptor(descriptor: number, buffer: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, buffer, 0, buffer.length, position, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

/** Closes it; nothing was written to it that could be lost. */
export function closeDescriptor(descriptor: number): void {
  close(descriptor, () => undefined);
}
