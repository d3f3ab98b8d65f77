import { openPrivateDatabase, verifyCompanions } from "@fairlead/store/sqlite";
import { renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { isSystemError } from "../../file-error.ts";

/** Marks a database as a cache (https://www.sqlite.org/pragma.html#pragma_application_id): "Flrc" in ASCII. */
const APPLICATION_ID = 0x466c7263;
/** Counts changes to the tables; those of another version are emptied, since all of it can be asked for again. */
const SCHEMA_VERSION = 2;
/** How long another process is waited for: what is not kept can be asked for again, and nobody should wait for a cache. */
const BUSY_MILLISECONDS = 20;
const PAGE_BYTES = 4_096;

/** A response that is still being written. */
export const WRITING = 0;
/** A response that is found. */
export const KEPT = 1;
/** Forgotten, and still being read. */
export const DOOMED = 2;

/** The database of a cache, and where it is. */
export interface CacheDatabase {
  readonly file: string;
  readonly database: DatabaseSync;
}

/**
 * Opens the database of a cache, creating it where there is none. One that is not sealed as it is to be goes: plain files
 * when the store was encrypted, and those of a former key.
 *
 * @param maxBytes bounds the file at twice as much, whatever happens.
 * @param sealId what its rows are sealed with; `undefined` where they are plain.
 * @throws what SQLite or the file system throws; see `setAside`.
 */
export function openCacheDatabase(path: string, maxBytes: number, sealId: string | undefined): CacheDatabase {
  const opened = open(path, maxBytes, sealId);
  if (opened.sealId === sealId) return opened;
  opened.database.close();
  // Whoever has it open goes on with what has no name any more, and nobody waits for anybody.
  for (const suffix of ["", "-wal", "-shm", ".damaged"]) rmSync(opened.file + suffix, { force: true });
  return open(path, maxBytes, sealId);
}

function open(
  path: string,
  maxBytes: number,
  sealId: string | undefined,
): CacheDatabase & { readonly sealId: string | undefined } {
  const { file, database } = openPrivateDatabase(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${String(BUSY_MILLISECONDS)}; PRAGMA journal_mode = WAL`);
    verifyCompanions(file);
    const [application, version] = ["application_id", "user_version"].map((name) => pragma(database, name));
    if (application !== APPLICATION_ID || version !== SCHEMA_VERSION) makeSchema(database, sealId);
    // What a power cut damages is found by its checksum, and asked for again: no commit waits for the disk.
    database.exec("PRAGMA synchronous = OFF");
    database.exec(`PRAGMA max_page_count = ${String(Math.ceil((2 * maxBytes) / PAGE_BYTES) + 1_024)}`);
    forgetAbandoned(database);
    return { file, database, sealId: readSealId(database) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Puts a damaged database out of the way, in place of the one that was put there before. */
export function setAside(file: string): void {
  renameSync(file, `${file}.damaged`);
  for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
}

/** Names this process among those that use a database, before and after it. */
export const owner = `${String(process.pid)} ${String(Math.round(performance.timeOrigin))}`;

function makeSchema(database: DatabaseSync, sealId: string | undefined): void {
  database.exec(`
    PRAGMA page_size = ${String(PAGE_BYTES)};
    BEGIN IMMEDIATE;
    DROP TABLE IF EXISTS responses;
    DROP TABLE IF EXISTS pieces;
    CREATE TABLE responses (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL,
      state INTEGER NOT NULL,
      owner TEXT NOT NULL,
      head TEXT NOT NULL,
      checksum INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      used_at INTEGER NOT NULL
    );
    CREATE INDEX responses_by_key ON responses (key) WHERE state = ${String(KEPT)};
    CREATE INDEX responses_by_use ON responses (used_at) WHERE state = ${String(KEPT)};
    CREATE TABLE pieces (
      response INTEGER NOT NULL,
      first INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY (response, first)
    );
    DROP TABLE IF EXISTS seal;
    CREATE TABLE seal (id TEXT);
    INSERT INTO seal VALUES (${sealId === undefined ? "NULL" : `'${sealId}'`});
    PRAGMA application_id = ${String(APPLICATION_ID)};
    PRAGMA user_version = ${String(SCHEMA_VERSION)};
    COMMIT;
  `);
}

function readSealId(database: DatabaseSync): string | undefined {
  const id = database.prepare("SELECT id FROM seal").get()?.["id"];
  return typeof id === "string" ? id : undefined;
}

/** Forgets what processes that ended had begun to write, or were still reading. */
function forgetAbandoned(database: DatabaseSync): void {
  const owners = database.prepare(`SELECT DISTINCT owner FROM responses WHERE state <> ${String(KEPT)}`).all();
  for (const { owner: name } of owners) {
    if (isAlive(String(name))) continue;
    const ids = `SELECT id FROM responses WHERE owner = ? AND state <> ${String(KEPT)}`;
    database.prepare(`DELETE FROM pieces WHERE response IN (${ids})`).run(String(name));
    database.prepare(`DELETE FROM responses WHERE id IN (${ids})`).run(String(name));
  }
}

function isAlive(name: string): boolean {
  const pid = Number(name.split(" ")[0]);
  if (pid === process.pid) return name === owner;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, "EPERM");
  }
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
