import type { DatabaseSync } from "node:sqlite";
import type { LoadedRecords } from "../stored-record.ts";
import { checksumOf } from "./record-checksum.ts";
import { damage } from "./sqlite-error.ts";
import { quoted } from "./tables.ts";

/** Records read by one query; with {@link largestPackedBytes} it bounds the text that the query makes. */
const recordsPerQuery = 8_192;
/** Larger values are read one by one. */
const largestPackedBytes = 4_096;

/**
 * Reads all records of a collection. To be called in a transaction, so that they are of one moment.
 *
 * SQLite joins thousands of records to a few texts, values as hexadecimal digits, because crossing from native code to
 * JavaScript for each record, and making an array of bytes for each value, is what costs: 100,000 records take a quarter
 * of the time this way. What belongs to one record is put together when it is first asked for.
 */
export function loadRecords(database: DatabaseSync, collection: string): LoadedRecords {
  const names: string[][] = [];
  const expiresAt: (number | null)[][] = [];
  const writtenAt = new PackedNumbers();
  const checksums = new PackedNumbers();
  const values = new PackedValues();
  const packed = database.prepare(
    `SELECT max(sequence), json_group_array(key), json_group_array(expires_at), json_group_array(written_at),
      json_group_array(checksum), json_group_array(length(value)), group_concat(iif(length(value) <= ${String(largestPackedBytes)}, hex(value), ''), '')
    FROM (SELECT * FROM ${quoted(collection)} WHERE sequence > ? ORDER BY sequence LIMIT ${String(recordsPerQuery)})`,
  );
  packed.setReturnArrays(true);
  for (let last = -Infinity; ; ) {
    // setReturnArrays makes it an array, which the types do not know; the query determines the members.
    const row = packed.get(last) as unknown as [number | null, string, string, string, string, string, string | null];
    if (row[0] === null) break;
    // In a damaged tree, asking for the next ones can go on for ever.
    if (row[0] <= last) throw damage("the records of a collection are not in order");
    last = row[0];
    names.push(namesOf(row[1]));
    expiresAt.push(JSON.parse(row[2]) as (number | null)[]);
    writtenAt.append(row[3]);
    checksums.append(row[4]);
    values.append(JSON.parse(row[5]) as number[], row[6] ?? "");
  }
  const allNames = joined(names);
  const allExpiries = joined(expiresAt);
  const large = database.prepare(`SELECT value FROM ${quoted(collection)} WHERE key = ?`);
  for (const index of values.missing) {
    const value = large.get(allNames[index] ?? "")?.["value"];
    if (value instanceof Uint8Array) values.fill(index, value);
  }
  return {
    names: allNames,
    expiresAt: allExpiries,
    writtenAt: (index) => writtenAt.at(index),
    size: (index) => values.sizeAt(index),
    value(index) {
      const value = values.at(index);
      const checksum = checksumOf(allNames[index] ?? "", { value, expiresAt: allExpiries[index] ?? undefined });
      return checksum === checksums.at(index) ? value : undefined;
    },
  };
}

/** Numbers that are read from their texts when the first one of each text is asked for. */
class PackedNumbers {
  readonly #texts: (string | readonly number[])[] = [];

  /** Adds the numbers of as many records as a query reads. */
  append(text: string): void {
    this.#texts.push(text);
  }

  at(index: number): number {
    const place = Math.floor(index / recordsPerQuery);
    let numbers = this.#texts[place];
    if (typeof numbers === "string") {
      numbers = JSON.parse(numbers) as readonly number[];
      this.#texts[place] = numbers;
    }
    return numbers?.[index % recordsPerQuery] ?? 0;
  }
}

/** Many small values in few buffers, and the large ones apart. */
class PackedValues {
  /** Indices of the large values that have not been filled in. */
  readonly missing: number[] = [];
  readonly #large = new Map<number, Uint8Array>();
  readonly #buffers: ArrayBufferLike[] = [];
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];

  /** Adds values of these lengths, the small ones by their digits, one after the other. */
  append(lengths: readonly number[], digits: string): void {
    const bytes = Buffer.from(digits, "hex");
    this.#buffers.push(bytes.buffer);
    let offset = bytes.byteOffset;
    for (const length of lengths) {
      const isSmall = length <= largestPackedBytes;
      if (!isSmall) this.missing.push(this.#lengths.length);
      this.#offsets.push(offset);
      this.#lengths.push(isSmall ? length : 0);
      if (isSmall) offset += length;
    }
    if (offset !== bytes.byteOffset + bytes.length) throw damage("values are not as long as they say");
  }

  fill(index: number, value: Uint8Array): void {
    this.#large.set(index, value);
  }

  /** Without making what holds the bytes. */
  sizeAt(index: number): number {
    return this.#large.get(index)?.length ?? this.#lengths[index] ?? 0;
  }

  at(index: number): Uint8Array {
    const buffer = this.#buffers[Math.floor(index / recordsPerQuery)];
    if (buffer === undefined) throw new RangeError("no such record");
    return this.#large.get(index) ?? new Uint8Array(buffer, this.#offsets[index], this.#lengths[index]);
  }
}

function namesOf(text: string): string[] {
  const names = JSON.parse(text) as (string | null)[];
  if (names.includes(null)) throw damage("a record has no name");
  return names as string[];
}

/** One list of many: ten times as quick as adding item by item. */
function joined<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  return ([] as Item[]).concat(...lists);
}
