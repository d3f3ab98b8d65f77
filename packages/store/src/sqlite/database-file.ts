import { closeSync, fsyncSync, openSync, statSync } from "node:fs";

/** Which file stands under a name now: another one may be put there. */
export function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${String(dev)} ${String(ino)}`;
}

/** https://www.sqlite.org/fileformat2.html#page_size */
const smallestPageBytes = 512;

/** Whether a file has some bytes, but less than a page: SQLite takes it for a new database, and overwrites it. */
export function isCutShort(file: string): boolean {
  const { size } = statSync(file);
  return size > 0 && size < smallestPageBytes;
}

/**
 * Whether a database was cut to nothing of which the write-ahead log is still there. SQLite takes an empty file for a new
 * database, and throws away the log.
 */
export function isEmptied(file: string): boolean {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.size > 0 && statSync(file).size === 0;
}

/**
 * Where a database is copied to before it is brought to the present schema. It stands there until the new one is whole:
 * when the machine fails in between, whatever SQLite makes of the one, the other is there.
 */
export function copyBeforeMigration(file: string): string {
  return `${file}.before-migration`;
}

/** Makes a file durable that no connection has open: closing it releases SQLite's locks. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
