import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { checksumOf } from "../../src/sqlite/record-checksum.ts";

/** What a Fairlead that knows schema 1 does with a database. */
export class OlderFairlead implements Disposable {
  readonly #database: DatabaseSync;

  /** Opens a database, or makes one of schema 1. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    chmodSync(path, 0o600);
    this.#database.exec("PRAGMA journal_mode = WAL");
    if (this.#database.prepare("PRAGMA user_version").get()?.["user_version"] !== 0) return;
    this.#database.exec(`PRAGMA application_id = ${String(0x466c7264)}; PRAGMA user_version = 1`);
  }

  put(collection: string, entries: readonly (readonly [key: string, value: string, expiresAt?: number])[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS "${collection}" (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        value BLOB NOT NULL,
        expires_at INTEGER,
        checksum INTEGER NOT NULL
      ) STRICT`,
    );
    const put = this.#database.prepare(
      `INSERT OR REPLACE INTO "${collection}" (key, value, expires_at, checksum) VALUES (?, ?, ?, ?)`,
    );
    for (const [key, text, expiresAt] of entries) {
      const value = Buffer.from(text);
      put.run(key, value, expiresAt ?? null, checksumOf(key, { value, expiresAt }));
    }
    this.#database.exec("COMMIT");
  }

  delete(collection: string, key: string): void {
    this.#database.prepare(`DELETE FROM "${collection}" WHERE key = ?`).run(key);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
