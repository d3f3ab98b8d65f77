import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@fairlead/core";
import { createPrivateFile, syncDirectory } from "../permissions.ts";
import { connect } from "./connection.ts";
import { copyBeforeMigration, syncFile } from "./database-file.ts";
import { createDeletionLog } from "./deletion-log.ts";
import { isDamaged } from "./sqlite-error.ts";
import { createTable, quoted, tableNames } from "./tables.ts";

/**
 * Brings the tables of schema 1, which knew neither when a record was written nor what was deleted, to the present one.
 * To be called in a transaction that has the database for writing, and is committed afterwards. An older Fairlead that has
 * the database open goes on reading and writing: it does not mind the new column, and the triggers see what it deletes.
 *
 * @throws StoreError STORE_OPEN_FAILED when there is no room for the copy or the changes; and what SQLite throws when the
 * database is damaged.
 */
export function migrate(database: DatabaseSync, file: string, version: number): void {
  try {
    copyDatabase(file);
    createDeletionLog(database);
    for (const name of tableNames(database)) createTable(database, name);
    assertWhole(database, file);
  } catch (cause) {
    if (isDamaged(cause) || cause instanceof StoreError) throw cause;
    const detail = `it could not be brought from schema ${String(version)} to the present one`;
    const remedy = `make room for a copy of ${file}, which stays as it is until then`;
    throw new StoreError("STORE_OPEN_FAILED", { peer: file, operation: "open", detail, remedy, cause });
  }
}

/** Removes the copy of a database that has the present schema for good. */
export function discardCopy(file: string): void {
  rmSync(copyBeforeMigration(file), { force: true });
  syncDirectory(dirname(file));
}

/**
 * Makes sure that a database is whole whose migration was interrupted before the copy was gone.
 *
 * @throws StoreError STORE_CORRUPT, which names the copy.
 */
export function assertMigrated(database: DatabaseSync, file: string): void {
  if (!isSound(database)) throw notWhole(file);
}

/** By another connection, because a transaction is under way in ours; it sees what was there before. */
function copyDatabase(file: string): void {
  const copy = copyBeforeMigration(file);
  const unfinished = `${copy}.part`;
  rmSync(unfinished, { force: true });
  try {
    createPrivateFile(unfinished);
    using reader = connect(file, "ro");
    reader.prepare("VACUUM INTO ?").run(unfinished);
    syncFile(unfinished);
    renameSync(unfinished, copy);
    syncDirectory(dirname(file));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Makes sure that the database has every record of the copy, and that SQLite finds no damage in it. */
function assertWhole(database: DatabaseSync, file: string): void {
  using copy = connect(copyBeforeMigration(file), "ro");
  const hasAll = tableNames(copy).every((name) => countOf(database, name) === countOf(copy, name));
  if (!hasAll || !isSound(database)) throw notWhole(file);
}

function isSound(database: DatabaseSync): boolean {
  return database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"] === "ok";
}

function notWhole(file: string): StoreError {
  const detail = `the copy of before the migration is ${copyBeforeMigration(file)}`;
  return new StoreError("STORE_CORRUPT", { peer: file, operation: "open", detail });
}

function countOf(database: DatabaseSync, name: string): unknown {
  return database.prepare(`SELECT count(*) AS count FROM ${quoted(name)}`).get()?.["count"];
}
