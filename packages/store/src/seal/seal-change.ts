import type { CollectionChanges } from "../change-queue.ts";
import { parseSealRecord, sealName, type KeyGeneration } from "./seal-record.ts";

/** Changes what the store says of its seal, only where it still says what it said. */
export function recordChange(found: Uint8Array | undefined, value: Uint8Array | undefined): CollectionChanges {
  const requires = { name: sealName, value: found };
  const change =
    value === undefined
      ? ({ type: "delete" } as const)
      : ({ type: "put", value, expiresAt: undefined, writtenAt: 0 } as const);
  const records = new Map(value === found ? [] : [[sealName, change]]);
  return { clear: false, purgeAt: undefined, records, trimTo: undefined, requires };
}

/** Whether the store says that a generation's key is what it is sealed with. */
export function isOf({ id }: KeyGeneration, record: Uint8Array | undefined): boolean {
  const parsed = record && parseSealRecord(record);
  return typeof parsed === "object" && parsed.current?.id === id;
}
