import type { Stats } from "node:fs";
import { StoreError } from "@fairlead/core";

/** The effective user, or `undefined` where users have no numbers. Another one can be given by tests. */
export const currentUser: number | undefined = process.geteuid?.();

/** Whether anybody but the owner has a right; of an access control list, these bits hold the most that it can give. */
export function isOpenToOthers({ mode }: Stats): boolean {
  return (mode & 0o077) !== 0;
}

/** Whether only who owns something in this directory may rename or remove it. */
export function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}

/** Refuses what other users have a right to, or could get one. */
export function openToOthers(path: string, detail: string, remedy: string): StoreError {
  return new StoreError("STORE_PERMISSIONS", { peer: path, operation: "use", detail, remedy });
}

/** Refuses what another user owns. */
export function foreignOwner(path: string): StoreError {
  return new StoreError("STORE_FOREIGN_OWNER", {
    peer: path,
    operation: "use",
    remedy: `choose a path of your own, or run chown "$(id -u)" ${quote(path)} if it should be yours`,
  });
}

/** Wraps what the system says when a store cannot be opened; an error of ours is returned as it is. */
export function openFailed(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  return new StoreError("STORE_OPEN_FAILED", { peer: path, operation: "open", detail: detailOf(cause), cause });
}

function detailOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

/** Whether an error is the system's, with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** As `chmod` takes it. */
export function formatMode({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** A path as a POSIX shell reads it. */
export function quote(path: string): string {
  return /^[\w./+@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
