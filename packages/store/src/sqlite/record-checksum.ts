import { crc32 } from "node:zlib";
import type { StoreRecord } from "../contract.ts";

/** Tells whether a record is what was written: the disk may have changed a bit in it, or a person. */
export function checksumOf(key: string, { value, expiresAt }: Pick<StoreRecord, "value" | "expiresAt">): number {
  return crc32(value, crc32(`${key}\0${String(expiresAt)}\0`));
}
