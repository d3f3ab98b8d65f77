import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/** How long an operation waits for other processes, each of which needs milliseconds. */
export const busyMilliseconds = 5_000;

/** Opens a connection. The file has to exist, so that SQLite never creates one with a mode of its own. */
export function connect(file: string, mode: "rw" | "ro" = "rw"): DatabaseSync {
  const location = pathToFileURL(file);
  location.search = `mode=${mode}`;
  return new DatabaseSync(location, { timeout: busyMilliseconds });
}

/** Has a connection wait for other processes. */
export function patiently(database: DatabaseSync): void {
  database.exec(`PRAGMA busy_timeout = ${String(busyMilliseconds)}`);
}

/** Has a connection fail at once where it would have to wait for another process. */
export function impatiently(database: DatabaseSync): void {
  database.exec("PRAGMA busy_timeout = 0");
}

/**
 * Closes a connection and leaves the files as they are. The last connection to close would move the write-ahead log into
 * the database and delete it; one that may only read does not, so it has to be the last.
 */
export function closeUntouched(database: DatabaseSync, file: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (log === undefined || log.size === 0) {
    database.close();
    return;
  }
  const last = connect(file, "ro");
  try {
    last.prepare("PRAGMA schema_version").get();
  } catch {
    // It is damaged; then nobody moves the log.
  }
  database.close();
  last.close();
}

/** Opens a connection that reads, and takes it that nobody writes: it neither locks the file nor looks for a log. */
export function connectImmutably(file: string): DatabaseSync {
  const location = pathToFileURL(file);
  location.search = "mode=ro&immutable=1";
  return new DatabaseSync(location, { readOnly: true });
}
