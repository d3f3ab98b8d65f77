import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * A disk of a program's own, which can be full and read-only. The program has to run in a mount namespace where it is
 * root; what it mounts is gone when it ends.
 */
export interface SmallDisk {
  readonly path: string;
  /** Takes all space but some pages. */
  fill(pagesLeft: number): void;
  /** Gives the space back. */
  free(): void;
  /** Nothing may be open for writing. */
  remount(mode: "ro" | "rw"): void;
}

const pageBytes = 4_096;

/** Mounts an empty disk in a directory. */
export function mountSmallDisk(directory: string, bytes: number): SmallDisk {
  const path = join(directory, "disk");
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${String(bytes)},mode=0700`, "none", path]);
  const filler = join(path, "filler");
  return {
    path,
    fill(pagesLeft) {
      const descriptor = openSync(filler, "w", 0o600);
      try {
        const used = writeUntilFull(descriptor);
        ftruncateSync(descriptor, Math.max(0, used - pagesLeft * pageBytes));
      } finally {
        closeSync(descriptor);
      }
    },
    free() {
      rmSync(filler, { force: true });
    },
    remount(mode) {
      execFileSync("mount", ["-o", `remount,${mode}`, path]);
    },
  };
}

/** @returns how many bytes it could write. */
function writeUntilFull(descriptor: number): number {
  const page = new Uint8Array(pageBytes);
  let written = 0;
  try {
    for (;;) written += writeSync(descriptor, page);
  } catch {
    return written;
  }
}
