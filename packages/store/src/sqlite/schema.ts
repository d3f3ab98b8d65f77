import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { StoreError } from "@fairlead/core";
import { openFailed } from "../permissions.ts";
import { busyMilliseconds, closeUntouched, connect, impatiently } from "./connection.ts";
import { copyBeforeMigration, identityOf, isCutShort, isEmptied } from "./database-file.ts";
import { createDeletionLog } from "./deletion-log.ts";
import { connectToReadOnly } from "./read-only.ts";
import { isBusy, isDamaged } from "./sqlite-error.ts";
import { tableNames } from "./tables.ts";

/** Marks a database as ours (https://www.sqlite.org/pragma.html#pragma_application_id): "Flrd" in ASCII. */
export const applicationId = 0x466c7264;
/** Counts incompatible changes to the tables. */
export const schemaVersion = 2;

/** How long it is waited for a process that brings a database to the present schema. */
const migrationMilliseconds = 60_000;

/**
 * Opens an existing database file, of ours or empty, and makes its schema, or brings an older one to the present. The
 * connection itself never waits: neither for a disk, as it syncs nothing and leaves the write-ahead log to the writer,
 * nor for other processes. A database that is refused stays as it is, its write-ahead log included.
 *
 * @param onMigrated is told that an older schema was brought to the present one.
 * @throws StoreError STORE_CORRUPT, STORE_NEWER or STORE_OPEN_FAILED.
 */
export async function openDatabase(file: string, onMigrated?: (message: string) => void): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    if (isEmptied(file)) throw damaged(file, "open");
    // Nothing can be salvaged from it, if it ever was a database.
    if (isCutShort(file)) throw new StoreError("STORE_CORRUPT", { peer: file, operation: "open" });
    const identity = identityOf(file);
    database = connect(file);
    impatiently(database);
    await makeSchema(database, file, onMigrated);
    database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON");
    if (identityOf(file) === identity) return database;
  } catch (cause) {
    if (database !== undefined) closeUntouched(database, file);
    if (isDamaged(cause)) throw damaged(file, "open", cause);
    const readOnly = cause instanceof StoreError ? undefined : openReadOnly(file);
    if (readOnly === undefined) throw openFailed(file, cause);
    return readOnly;
  }
  // Another process has repaired the database meanwhile, and this is the damaged one that it has put aside.
  database.close();
  return openDatabase(file, onMigrated);
}

/** @returns the database, if it is one of the present schema that only cannot be written. */
function openReadOnly(file: string): DatabaseSync | undefined {
  const database = connectToReadOnly(file);
  try {
    if (database !== undefined && versionOf(database, file) === schemaVersion) return database;
  } catch {
    // What is wrong was found before.
  }
  database?.close();
  return undefined;
}

/** The error of a database that SQLite finds damaged. */
export function damaged(file: string, operation: string, cause?: unknown): StoreError {
  const remedy = "open it with repair: true, which salvages what can be read and keeps the damaged file";
  return new StoreError("STORE_CORRUPT", { peer: file, operation, remedy, cause });
}

async function makeSchema(database: DatabaseSync, file: string, onMigrated?: (message: string) => void): Promise<void> {
  // Nothing is written before it is known whose database this is.
  const version = await whenFree(() => versionInOneMoment(database, file), busyMilliseconds);
  // Left by a process that was killed in the middle.
  const isCopied = existsSync(copyBeforeMigration(file));
  if (version === schemaVersion && pragma(database, "journal_mode") === "wal" && !isCopied) return;
  const { assertMigrated, discardCopy, migrate } = await import("./migration.ts");
  // Only one process can switch.
  await whenFree(() => {
    database.exec("PRAGMA journal_mode = WAL");
  }, busyMilliseconds);
  await whenFree(() => {
    database.exec("BEGIN IMMEDIATE");
  }, migrationMilliseconds);
  const found = versionOf(database, file);
  try {
    if (found < schemaVersion) {
      if (found === 0) createDeletionLog(database);
      else migrate(database, file, found);
      database.exec(`PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(schemaVersion)}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
  if (found === 1) onMigrated?.(`the store was brought from schema ${String(found)} to ${String(schemaVersion)}`);
  else if (isCopied) assertMigrated(database, file);
  if (found === 1 || isCopied) discardCopy(file);
}

/** Tries again, for a while, as long as another process is at it. SQLite itself does not wait in all cases. */
async function whenFree<Result>(work: () => Result, waitMilliseconds: number): Promise<Result> {
  const deadline = performance.now() + waitMilliseconds;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await delay(5 + Math.random() * 10);
    }
  }
}

/** In one transaction: between two reads of their own, another process may make the schema, and both would be half true. */
function versionInOneMoment(database: DatabaseSync, file: string): number {
  database.exec("BEGIN");
  try {
    return versionOf(database, file);
  } finally {
    // Where the file cannot be read, it has ended already; what was thrown says why.
    if (database.isTransaction) database.exec("COMMIT");
  }
}

/** The version of the schema; 0 when the database is empty. */
function versionOf(database: DatabaseSync, file: string): number {
  const application = pragma(database, "application_id");
  const version = Number(pragma(database, "user_version"));
  if (application === applicationId) {
    if (version <= schemaVersion) return version;
    const detail = `schema ${String(version)}, known is ${String(schemaVersion)}`;
    throw new StoreError("STORE_NEWER", { peer: file, operation: "open", detail });
  }
  if (application === 0 && version === 0 && tableNames(database).length === 0) return 0;
  throw new StoreError("STORE_OPEN_FAILED", {
    peer: file,
    operation: "open",
    detail: "the database belongs to another application",
    remedy: "name a file of its own",
  });
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
