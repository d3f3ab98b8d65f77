import { StoreError } from "@fairlead/core";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { URL } from "node:url";
import { PreloadList } from "./protocol/preload-list.ts";

/** Beside `src` and `dist` alike. */
const SHIPPED = new URL("../data/hsts-preload.bin", import.meta.url);

/** A SHA-256 of all that is before it ends the file. */
const DIGEST_BYTES = 32;

/**
 * Opens the HSTS preload list: reads its file of 1.5 MB, which takes a millisecond or two, and keeps it in memory. Opened
 * again it is read again: keep it.
 *
 * @param file another one than ours, made by `scripts/hsts-preload.ts`.
 * @throws StoreError PRELOAD_LIST_UNUSABLE when the file is missing or damaged in any way.
 */
export function openPreloadList(file: URL | string = SHIPPED): PreloadList {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw unusable(file, "it cannot be read", cause);
  }
  const content = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  if (!digestOf(content).equals(bytes.subarray(content.length))) throw unusable(file, "its digest is another");
  const list = PreloadList.parse(content);
  if (list === undefined) throw unusable(file, "it is no such list");
  return list;
}

/** Ends a list with what tells damage from it, as {@link openPreloadList} wants it. */
export function sealPreloadList(content: Uint8Array): Uint8Array {
  return Buffer.concat([content, digestOf(content)]);
}

function digestOf(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}

function unusable(file: URL | string, detail: string, cause?: unknown): StoreError {
  return new StoreError("PRELOAD_LIST_UNUSABLE", { peer: String(file), operation: "open", detail, cause });
}
