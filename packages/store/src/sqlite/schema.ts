import type { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { StoreError } from "@fairlead/core";
import { openFailed } from "../permissions.ts";
import { createDeletionLog } from "./deletion-log.ts";
import { busyMilliseconds, connect } from "./connection.ts";
import { createTable, tableNames } from "./tables.ts";
import { isBusy, isDamaged } from "./sqlite-error.ts";

/** Marks a database as ours (https://www.sqlite.org/pragma.html#pragma_application_id): "Flrd" in ASCII. */
const applicationId = 0x466c7264;
/** Counts incompatible changes to the tables. */
const schemaVersion = 2;

/**
 * Opens an existing database file, of ours or empty, and makes its schema. The connection itself never waits for a disk:
 * it syncs nothing and never moves the write-ahead log; the writer does.
 *
 * @throws StoreError STORE_CORRUPT, STORE_NEWER or STORE_OPEN_FAILED.
 */
export async function openDatabase(file: string): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    database = connect(file);
    await makeSchema(database, file);
    database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON");
    return database;
  } catch (cause) {
    database?.close();
    if (isDamaged(cause)) throw new StoreError("STORE_CORRUPT", { peer: file, operation: "open", cause });
    throw openFailed(file, cause);
  }
}

async function makeSchema(database: DatabaseSync, file: string): Promise<void> {
  // Nothing is written before it is known whose database this is.
  const isOurs = isOursInOneMoment(database, file);
  if (isOurs && pragma(database, "journal_mode") === "wal") {
    migrate(database);
    return;
  }
  const deadline = performance.now() + busyMilliseconds;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      break;
    } catch (error) {
      // Only one process can switch, and SQLite does not wait here for the others.
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await delay(5 + Math.random() * 10);
    }
  }
  database.exec("BEGIN IMMEDIATE");
  if (!hasSchema(database, file)) {
    createDeletionLog(database);
    database.exec(`PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(schemaVersion)}`);
  }
  database.exec("COMMIT");
}

/** Version 1 did not say when a record was written. */
function migrate(database: DatabaseSync): void {
  if (Number(pragma(database, "user_version")) === schemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    if (Number(pragma(database, "user_version")) < schemaVersion) {
      createDeletionLog(database);
      for (const name of tableNames(database)) createTable(database, name);
      database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** In one transaction: between two reads of their own, another process may make the schema, and both would be half true. */
function isOursInOneMoment(database: DatabaseSync, file: string): boolean {
  database.exec("BEGIN");
  try {
    return hasSchema(database, file);
  } finally {
    database.exec("COMMIT");
  }
}

/** Whether the schema is there; `false` when the database is empty. */
function hasSchema(database: DatabaseSync, file: string): boolean {
  const application = pragma(database, "application_id");
  const version = Number(pragma(database, "user_version"));
  if (application === applicationId) {
    if (version <= schemaVersion) return true;
    const detail = `schema ${String(version)}, known is ${String(schemaVersion)}`;
    throw new StoreError("STORE_NEWER", { peer: file, operation: "open", detail });
  }
  if (application === 0 && version === 0 && tableNames(database).length === 0) return false;
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
