import type { Batch, CollectionChanges, RecordChange } from "../change-queue.ts";
import { packRecord, packWrittenAt } from "./protocol/record-form.ts";
import { schema, type StoreKeys } from "./store-keys.ts";

/** What a script is called with. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly parameters: readonly (string | Uint8Array)[];
}

/** More than this is not published: everybody reads the collection anew. */
const largestMessageBytes = 1_048_576;

/** A batch as the script takes it. @param number larger than that of every batch before. */
export function encodeBatch(keys: StoreKeys, batch: Batch, origin: string, number: number, now: number): ScriptCall {
  const parameters: (string | Uint8Array)[] = [
    schema,
    origin,
    String(number),
    keys.channel,
    // An engine that was emptied counts on from here, not from one: later stays larger.
    String(Math.max(1, Math.floor(now)) * 1_000),
    String(largestMessageBytes),
    String(batch.size),
  ];
  const names = [keys.schema, keys.sequence, keys.stamps, keys.applied(origin)];
  for (const [collection, changes] of batch) {
    names.push(...keys.collection(collection));
    encodeChanges(parameters, collection, changes);
  }
  return { keys: names, parameters };
}

function encodeChanges(
  parameters: (string | Uint8Array)[],
  collection: string,
  { clear, purgeAt, trimTo, records, requires }: CollectionChanges,
): void {
  parameters.push(collection, clear ? "1" : "0", optional(purgeAt), optional(trimTo));
  if (requires === undefined) parameters.push("");
  else parameters.push(requires.value === undefined ? "absent" : "present", requires.name, requires.value ?? "");
  parameters.push(String(records.size));
  for (const [name, change] of records) encodeChange(parameters, name, change);
}

function encodeChange(parameters: (string | Uint8Array)[], name: string, change: RecordChange): void {
  parameters.push(change.type, name);
  switch (change.type) {
    case "put":
      parameters.push(packRecord(name, change), optional(change.expiresAt));
      if (change.replaces === undefined) parameters.push("0");
      else parameters.push("1", change.replaces);
      break;
    case "delete":
      break;
    case "evict":
      parameters.push(change.only === undefined ? "" : packWrittenAt(change.only));
      break;
  }
}

function optional(number: number | undefined): string {
  return number === undefined ? "" : String(number);
}
