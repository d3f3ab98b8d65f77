import type { DatabaseSync } from "node:sqlite";
import { createPrivateFile, prepareDirectory, verifyPrivateFile } from "../permissions.ts";
import { connect } from "./connection.ts";

/**
 * Opens an SQLite database that nobody else can read, creating it where there is none; for what is no collection of
 * records. The caller closes it.
 *
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER, STORE_IS_LINK, STORE_NOT_A_FILE or STORE_OPEN_FAILED; and
 * what SQLite throws.
 */
export function openPrivateDatabase(path: string): { readonly file: string; readonly database: DatabaseSync } {
  const file = prepareDirectory(path);
  if (!createPrivateFile(file)) verifyPrivateFile(file);
  verifyCompanions(file);
  return { file, database: connect(file) };
}

/** What the names of the files end in that SQLite keeps beside a database: https://www.sqlite.org/tempfiles.html */
export const companions = ["-wal", "-shm", "-journal"];

/** Makes sure of the files that SQLite keeps beside a database. */
export function verifyCompanions(file: string): void {
  for (const suffix of companions) verifyPrivateFile(file + suffix);
}
