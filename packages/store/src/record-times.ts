import { UsageError } from "@fairlead/core";
import type { StoredRecord } from "./stored-record.ts";

/** Latest time that `Date` knows (ECMA-262 section 21.4.1.1), and what no expiry goes beyond. */
const latestTime = 8.64e15;

/** Whether a record is none any more. */
export function isExpired({ expiresAt }: Pick<StoredRecord, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/**
 * When a record expires that is written now, where none may stay for longer than `maxAge`.
 *
 * @throws UsageError OPTION_INVALID when the expiry is not a number.
 */
export function expiryOf(expiresAt: number | undefined, now: number, maxAge: number): number | undefined {
  if (Number.isNaN(expiresAt)) throw new UsageError("OPTION_INVALID", { operation: "set", detail: "expiresAt" });
  const latest = now + maxAge;
  const expiry = expiresAt === undefined ? latest : Math.min(expiresAt, latest);
  if (expiresAt === undefined && expiry === Infinity) return undefined;
  return Math.max(-latestTime, Math.min(latestTime, Math.floor(expiry)));
}

/**
 * When a record was written: nothing is of the future, or older than the epoch, which is what nobody knows.
 *
 * @throws UsageError OPTION_INVALID when the time is not a number.
 */
export function writingTimeOf(writtenAt: number | undefined, now: number): number {
  if (writtenAt === undefined) return now;
  if (Number.isNaN(writtenAt)) throw new UsageError("OPTION_INVALID", { operation: "set", detail: "writtenAt" });
  return Math.min(now, Math.max(0, Math.floor(writtenAt)));
}
