import type { Batch, CollectionChanges, RecordChange } from "../change-queue.ts";

/**
 * A batch as it is posted to a thread. Posting a thousand records, each with a name, an object and an array of bytes, holds
 * the posting thread up for a millisecond and more; in columns, whose buffers are handed over, it takes a tenth of that.
 */
export type PackedBatch = readonly PackedChanges[];

interface PackedChanges extends Omit<CollectionChanges, "records"> {
  readonly collection: string;
  /** All names, one behind the other, and where each of them ends, in UTF-16 code units. */
  readonly names: string;
  readonly nameEnds: Uint32Array<ArrayBuffer>;
  /** What is to become of each record, by its place in {@link kinds}. */
  readonly types: Uint8Array<ArrayBuffer>;
  /** All values, one behind the other, and where each of them ends. */
  readonly values: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  /** NaN for a record that does not expire. */
  readonly expiresAt: Float64Array<ArrayBuffer>;
  /** Of an eviction what goes; NaN when that is whatever is there. */
  readonly writtenAt: Float64Array<ArrayBuffer>;
  /** What has no columns, by its position. */
  readonly others: ReadonlyMap<number, RecordChange>;
}

const kinds = ["put", "delete", "evict"] as const;

/** Puts a batch into columns; it stays as it is. */
export function packBatch(batch: Batch): PackedBatch {
  return Array.from(batch, ([collection, changes]) => packChanges(collection, changes));
}

/** The buffers of a packed batch that may be handed over. */
export function buffersOf(batch: PackedBatch): ArrayBuffer[] {
  return batch.flatMap((changes) =>
    [changes.nameEnds, changes.types, changes.values, changes.ends, changes.expiresAt, changes.writtenAt].map(
      ({ buffer }) => buffer,
    ),
  );
}

/** The batch that was packed. */
export function unpackBatch(packed: PackedBatch): Batch {
  return new Map(packed.map((changes) => [changes.collection, unpackChanges(changes)]));
}

function packChanges(collection: string, { records, ...rest }: CollectionChanges): PackedChanges {
  let size = 0;
  for (const change of records.values()) if (change.type === "put") size += change.value.length;
  const nameEnds = new Uint32Array(records.size);
  const types = new Uint8Array(records.size);
  const values = new Uint8Array(size);
  const ends = new Uint32Array(records.size);
  const expiresAt = new Float64Array(records.size);
  const writtenAt = new Float64Array(records.size);
  const others = new Map<number, RecordChange>();
  let position = 0;
  let nameEnd = 0;
  let end = 0;
  for (const [name, change] of records) {
    nameEnd += name.length;
    nameEnds[position] = nameEnd;
    types[position] = kinds.indexOf(change.type);
    if (change.type === "put") {
      values.set(change.value, end);
      end += change.value.length;
      expiresAt[position] = change.expiresAt ?? Number.NaN;
      writtenAt[position] = change.writtenAt;
      if (change.replaces !== undefined) others.set(position, change);
    } else if (change.type === "evict") {
      writtenAt[position] = change.only ?? Number.NaN;
    }
    ends[position++] = end;
  }
  const names = [...records.keys()].join("");
  return { ...rest, collection, names, nameEnds, types, values, ends, expiresAt, writtenAt, others };
}

function unpackChanges(packed: PackedChanges): CollectionChanges {
  const { names, nameEnds, types, values, ends, expiresAt, writtenAt, others, clear, purgeAt, trimTo, requires } =
    packed;
  const records = new Map<string, RecordChange>();
  let nameStart = 0;
  let start = 0;
  nameEnds.forEach((nameEnd, position) => {
    const name = names.slice(nameStart, nameEnd);
    const value = values.subarray(start, ends[position]);
    nameStart = nameEnd;
    start = ends[position] ?? start;
    const at = writtenAt[position] ?? 0;
    records.set(
      name,
      others.get(position) ?? unpackChange(kinds[types[position] ?? 0], value, expiresAt[position], at),
    );
  });
  return { clear, purgeAt, trimTo, records, ...(requires && { requires }) };
}

function unpackChange(
  type: (typeof kinds)[number] | undefined,
  value: Uint8Array,
  expiresAt: number | undefined,
  writtenAt: number,
): RecordChange {
  switch (type) {
    case "delete":
      return { type };
    case "evict":
      return { type, only: Number.isNaN(writtenAt) ? undefined : writtenAt };
    case "put":
    case undefined:
      return { type: "put", value, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt, writtenAt };
  }
}
