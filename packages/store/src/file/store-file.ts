import { constants, fstatSync, type BigIntStats } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import { StoreError } from "@fairlead/core";
import { currentUser, hasCode, openFailed, verifyFileStats, verifyPrivateFile } from "../permissions.ts";
import { emptyDocument, type StoreDocument } from "./document.ts";
import { parseDocument, type DroppedRecord } from "./parse-document.ts";

/** What a file held at one moment. */
export interface StoreFile {
  /** See {@link identityOf}. */
  readonly identity: string | undefined;
  /** Whether there is a file without content. */
  readonly isEmpty: boolean;
  readonly document: StoreDocument;
  readonly dropped: readonly DroppedRecord[];
}

/** Bytes that a file has at most: a hundred times what is still read and written in no time. */
export const fileLimitBytes = 64 * 1024 * 1024;

/**
 * Tells one content of a path from every other: whoever replaces the file or writes to it changes that. `undefined` when
 * there is no file.
 */
export async function identityOf(path: string): Promise<string | undefined> {
  const stats = await statsOf(path);
  return stats && formatIdentity(stats);
}

/** What stands at a path, links as such; `undefined` when nothing does. */
export async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The identity of a file by its facts. */
export function formatIdentity({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(":");
}

/**
 * Reads a store's file; there is an empty store where there is none.
 *
 * @throws StoreError STORE_CORRUPT, STORE_NEWER, STORE_OPEN_FAILED, STORE_IS_LINK, STORE_NOT_A_FILE, STORE_FOREIGN_OWNER or
 * STORE_PERMISSIONS.
 */
export async function readStoreFile(path: string): Promise<StoreFile> {
  const handle = await openPrivately(path);
  if (handle === undefined) return { identity: undefined, isEmpty: false, document: emptyDocument, dropped: [] };
  try {
    const identity = await identityOfOpen(handle);
    const bytes = await handle.readFile();
    if ((await identityOfOpen(handle)) !== identity) throw corrupt(path, "it changes while it is read");
    return { identity, isEmpty: bytes.length === 0, ...parseFile(path, bytes) };
  } catch (error) {
    throw openFailed(path, error);
  } finally {
    await handle.close();
  }
}

async function openPrivately(path: string): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    // Not blocking, so that a pipe in the file's place is seen for what it is. Windows knows neither flag; there they are
    // undefined, which counts as zero.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return undefined;
    // A link (ELOOP) or a socket (ENXIO): say which.
    verifyPrivateFile(path);
    throw openFailed(path, cause);
  }
  try {
    const stats = fstatSync(handle.fd);
    verifyFileStats(path, stats, currentUser);
    if (stats.size <= fileLimitBytes) return handle;
    throw new StoreError("STORE_OPEN_FAILED", {
      peer: path,
      operation: "open",
      detail: `the file is larger than ${fileLimitBytes / 1024 / 1024} MiB`,
      remedy: "have a database for so much: sqlite:PATH",
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function identityOfOpen(handle: FileHandle): Promise<string> {
  return formatIdentity(await handle.stat({ bigint: true }));
}

function parseFile(path: string, bytes: Uint8Array): Pick<StoreFile, "document" | "dropped"> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw corrupt(path, "not UTF-8", cause);
  }
  const parsed = parseDocument(text);
  switch (parsed.type) {
    case "document":
      return parsed;
    case "newer":
      throw new StoreError("STORE_NEWER", { peer: path, operation: "read", detail: `version ${parsed.version}` });
    case "damaged":
      throw corrupt(path, parsed.reason);
  }
}

/** What makes a file one that is neither believed nor replaced. */
export function corrupt(path: string, detail: string, cause?: unknown): StoreError {
  return new StoreError("STORE_CORRUPT", { peer: path, operation: "read", detail, cause });
}
