import type { OpenStoreOptions, Store } from "../contract.ts";
import { createPrivateFile, prepareDirectory, verifyPrivateFile } from "../permissions.ts";
import { openRecordStore } from "../open-record-store.ts";
import { mendedWarnings, warn } from "../store-warning.ts";
import { SqliteBackend } from "./backend.ts";
import { verifyCompanions } from "./private-database.ts";
import { isPlaceReadOnly, ReadOnlyWriter } from "./read-only.ts";
import { openDatabase } from "./schema.ts";

export { openPrivateDatabase, verifyCompanions } from "./private-database.ts";
export { isDamaged } from "./sqlite-error.ts";

/**
 * Opens a store in an SQLite database, creating it where there is none. Several processes may have it open at once.
 *
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER, STORE_IS_LINK, STORE_NOT_A_FILE, STORE_CORRUPT,
 * STORE_NEWER or STORE_OPEN_FAILED.
 */
export async function openSqliteStore(path: string, options: OpenStoreOptions = {}): Promise<Store> {
  const url = `sqlite:${path}`;
  const place = { onMended: mendedWarnings(options, url) };
  const file = prepareDirectory(path, place);
  const repair = options.repair === true ? await import("./repair.ts") : undefined;
  repair?.undoHalfRepair(file);
  if (!createPrivateFile(file)) verifyPrivateFile(file);
  verifyCompanions(file);
  repair?.repairDatabase(file, (message) => {
    warn(options, url, { type: "repaired", collection: undefined, message, cause: undefined });
  });
  const database = await openDatabase(file, (message) => {
    // Nothing is lost, and nobody has to do anything: only who asked for warnings is told.
    if (options.onWarning === undefined) return;
    warn(options, url, { type: "migrated", collection: undefined, message, cause: undefined });
  });
  try {
    // SQLite has made them by now, with the mode of the database.
    verifyCompanions(file);
  } catch (error) {
    database.close();
    throw error;
  }
  const isReadOnly = isPlaceReadOnly(file);
  if (isReadOnly) {
    const message = "the disk is read-only: what is there is read, what is learned is lost when the process ends";
    warn(options, url, { type: "write-failed", collection: undefined, message, cause: undefined });
  }
  const writer = isReadOnly ? new ReadOnlyWriter(file) : undefined;
  return openRecordStore(url, new SqliteBackend(file, database, writer, place), options);
}
