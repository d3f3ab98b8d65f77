import type { DatabaseSync } from "node:sqlite";
import type { LoadedRecords } from "../record-collection.ts";
import { checksumOf } from "./record-checksum.ts";

/** Records read by one query; with {@link largestPackedBytes} it bounds the text that the query makes. */
const recordsPerQuery = 8_192;
/** Larger values are read one by one. */
const largestPackedBytes = 4_096;

/**
 * Reads all records of a collection, values as hexadecimal text that is decoded when it is first needed.
 *
 * SQLite joins thousands of records to four texts, because crossing from native code to JavaScript for each record, and
 * making an array of bytes for each value, is what costs: 100,000 records take a quarter of the time this way.
 */
export function loadRecords(database: DatabaseSync, collection: string): LoadedRecords {
  const keys: string[] = [];
  const expiresAt: (number | null)[] = [];
  const checksums: number[] = [];
  const values: (string | Uint8Array)[] = [];
  const packed = database.prepare(
    `SELECT max(sequence), json_group_array(key), json_group_array(expires_at), json_group_array(checksum),
      group_concat(iif(length(value) <= ${String(largestPackedBytes)}, hex(value), '-'))
    FROM (SELECT * FROM "${collection}" WHERE sequence > ? ORDER BY sequence LIMIT ${String(recordsPerQuery)})`,
  );
  packed.setReturnArrays(true);
  for (let last: unknown = -Infinity; ; ) {
    // setReturnArrays makes it an array, which the types do not know; the query determines the members.
    const row = packed.get(Number(last)) as unknown as [number | null, string, string, string, string | null];
    if (row[0] === null) break;
    last = row[0];
    append(keys, JSON.parse(row[1]) as string[]);
    append(expiresAt, JSON.parse(row[2]) as (number | null)[]);
    append(checksums, JSON.parse(row[3]) as number[]);
    append(values, (row[4] ?? "").split(","));
  }
  readLargeValues(database, collection, keys, values);
  return {
    keys,
    expiresAt,
    value(index) {
      const text = values[index] ?? "";
      // A copy, because Buffer.from cuts its result from a shared buffer.
      const value = typeof text === "string" ? new Uint8Array(Buffer.from(text, "hex")) : text;
      const checksum = checksumOf(keys[index] ?? "", { value, expiresAt: expiresAt[index] ?? undefined });
      return checksum === checksums[index] ? value : undefined;
    },
  };
}

function readLargeValues(
  database: DatabaseSync,
  collection: string,
  keys: readonly string[],
  values: (string | Uint8Array)[],
): void {
  const query = database.prepare(`SELECT value FROM "${collection}" WHERE key = ?`);
  values.forEach((text, index) => {
    if (text !== "-") return;
    const value = query.get(keys[index] ?? "")?.["value"];
    // Gone meanwhile, by another process: the checksum will not match.
    values[index] = value instanceof Uint8Array ? value : "";
  });
}

function append<Item>(list: Item[], items: readonly Item[]): void {
  for (const item of items) list.push(item);
}
