import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import { StoreError } from "@fairlead/core";
import { hasCode, openFailed, openPrivateHandle } from "../permissions.ts";
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
  const handle = await openPrivateHandle(path);
  if (handle === undefined) return { identity: undefined, isEmpty: false, document: emptyDocument, dropped: [] };
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.size > fileLimitBytes) throw tooLarge(path);
    const identity = formatIdentity(stats);
    const bytes = await handle.readFile();
    if (formatIdentity(await handle.stat({ bigint: true })) !== identity)
      throw corrupt(path, "it changes while it is read");
    return { identity, isEmpty: bytes.length === 0, ...parseFile(path, bytes) };
  } catch (error) {
    throw openFailed(path, error);
  } finally {
    await handle.close();
  }
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

function tooLarge(path: string): StoreError {
  return new StoreError("STORE_OPEN_FAILED", {
    peer: path,
    operation: "open",
    detail: `the file is larger than ${fileLimitBytes / 1024 / 1024} MiB`,
    remedy: "have a database for so much: sqlite:PATH",
  });
}
