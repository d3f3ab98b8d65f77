import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@fairlead/core";
import { createPrivateFile, openFailed, openPrivateFile, syncDirectory } from "../permissions.ts";
import { connect } from "./connection.ts";
import { identityOf, isEmptied, syncFile } from "./database-file.ts";
import { createDeletionLog } from "./deletion-log.ts";
import { companions } from "./private-database.ts";
import { isPlaceReadOnly } from "./read-only.ts";
import { salvageRecords } from "./salvage.ts";
import { applicationId, schemaVersion } from "./schema.ts";
import { isBusy, isDamaged } from "./sqlite-error.ts";

/**
 * Puts in the place of a damaged database a new one with all records that can still be read. The damaged one is kept
 * beside it. Does nothing where a database is sound, of another application or of a newer schema.
 *
 * @param onRepaired is told what was done, in one clause.
 * @throws StoreError STORE_CORRUPT when another process has the database open; STORE_OPEN_FAILED.
 */
export function repairDatabase(file: string, onRepaired: (message: string) => void): void {
  if (isPlaceReadOnly(file)) return;
  try {
    if (isEmptied(file)) exchange(file, () => 0, onRepaired);
    else repairDamage(file, onRepaired);
  } catch (cause) {
    throw openFailed(file, cause);
  }
}

function repairDamage(file: string, onRepaired: (message: string) => void): void {
  const identity = identityOf(file);
  const damaged = connect(file);
  try {
    if (isSoundOrForeign(damaged, file)) return;
    claim(damaged, file);
    // Another process may have repaired it while we waited, and this is the damaged one that it has put aside.
    if (identityOf(file) !== identity) return;
    exchange(file, (whole) => salvageRecords(damaged, whole), onRepaired);
  } finally {
    damaged.close();
  }
}

/**
 * Gives a damaged database back its one name, where a process was killed that had put it aside and not yet the new one in
 * its place.
 */
export function undoHalfRepair(file: string): void {
  if ((lstatSync(file, { throwIfNoEntry: false })?.nlink ?? 1) === 1) return;
  for (const name of readdirSync(dirname(file))) {
    const path = join(dirname(file), name);
    if (path.startsWith(asidePrefix(file)) && identityOf(path) === identityOf(file)) unlinkSync(path);
  }
}

function isSoundOrForeign(database: DatabaseSync, file: string): boolean {
  try {
    const application = database.prepare("PRAGMA application_id").get()?.["application_id"];
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (application !== applicationId || version > schemaVersion) return true;
    return database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"] === "ok";
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return !hasOurHeader(file);
  }
}

/**
 * Whether a file that SQLite does not know for a database was one of ours, as far as it goes. Opening the file is what
 * `verifyPrivateFile` must not do; but here no connection of this process can be at work.
 *
 * @see https://www.sqlite.org/fileformat.html#the_database_header
 */
function hasOurHeader(file: string): boolean {
  const header = Buffer.alloc(72);
  const descriptor = openPrivateFile(file);
  if (descriptor === undefined) return false;
  try {
    const length = readSync(descriptor, header, 0, header.length, 0);
    const begins = "SQLite format 3\0".startsWith(header.toString("latin1", 0, Math.min(length, 16)));
    return begins && (length < header.length || header.readUInt32BE(68) === applicationId);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes sure that no other process has the database open, nor opens it, as long as the connection is open. */
function claim(damaged: DatabaseSync, file: string): void {
  try {
    damaged.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; COMMIT");
  } catch (cause) {
    // What SQLite cannot even lock, nobody else can use.
    if (!isBusy(cause)) return;
    const detail = "another process has it open";
    const remedy = "close the store in all processes, and open it with repair: true again";
    throw new StoreError("STORE_CORRUPT", { peer: file, operation: "repair", detail, remedy, cause });
  }
}

/** Puts a new database in the place of a damaged one, which is kept. At every moment one stands under the name. */
function exchange(file: string, fill: (whole: DatabaseSync) => number, onRepaired: (message: string) => void): void {
  const repaired = `${file}.repaired`;
  for (const suffix of ["", "-journal"]) rmSync(repaired + suffix, { force: true });
  createPrivateFile(repaired);
  const records = fillDatabase(repaired, fill);
  const aside = asidePrefix(file) + new Date().toISOString().replaceAll(/[-:.]/g, "");
  // The files beside the damaged one first: they must never stand beside the new one.
  for (const suffix of companions) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  linkSync(file, aside);
  renameSync(repaired, file);
  syncDirectory(dirname(file));
  onRepaired(`the database was damaged: ${String(records)} records were salvaged, and it is kept as ${aside}`);
}

/** @returns the number of records. */
function fillDatabase(file: string, fill: (database: DatabaseSync) => number): number {
  const database = connect(file);
  try {
    // What a crash leaves of it is thrown away.
    database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    database.exec(`PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(schemaVersion)}`);
    createDeletionLog(database);
    return fill(database);
  } finally {
    database.close();
    syncFile(file);
  }
}

function asidePrefix(file: string): string {
  return `${file}.damaged-`;
}
