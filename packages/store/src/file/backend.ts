import { closeSync, readFileSync } from "node:fs";
import { StoreError } from "@fairlead/core";
import type { Batch } from "../change-queue.ts";
import { openFailed, openPrivateFile, verifyStore, type PlaceOptions } from "../permissions.ts";
import type { StoreBackend } from "../store-backend.ts";
import type { LoadedRecords, TakeOutcome } from "../stored-record.ts";
import {
  applyBatch,
  emptyDocument,
  formatDocument,
  parseDocument,
  type DroppedRecord,
  type StoreDocument,
} from "./document.ts";
import { acquireFileLock } from "./lock.ts";
import { removeLeftovers, replaceFile } from "./replace-file.ts";

/** How long a batch waits for other processes, each of which needs milliseconds. */
const lockMilliseconds = 10_000;

/**
 * Keeps records in one JSON file. Each batch reads the file anew and makes its changes in what it finds, under a lock:
 * so nothing is lost of what other processes, or a person, have written meanwhile.
 */
export class FileBackend implements StoreBackend {
  readonly #path: string;
  /** As it was read last, with the changes that were made then. */
  #document: StoreDocument;
  readonly #place: PlaceOptions;

  constructor(path: string, document: StoreDocument, place: PlaceOptions = {}) {
    this.#path = path;
    this.#document = document;
    this.#place = place;
  }

  load(collection: string): LoadedRecords {
    const records = [...(this.#document.collections.get(collection) ?? [])];
    return {
      names: records.map(([name]) => name),
      expiresAt: records.map(([, { expiresAt }]) => expiresAt ?? null),
      writtenAt: records.map(([, { writtenAt }]) => writtenAt),
      size: (index) => records[index]?.[1].value.length ?? 0,
      value: (index) => records[index]?.[1].value,
    };
  }

  collectionNames(): readonly string[] {
    return [...this.#document.collections].filter(([, records]) => records.size > 0).map(([name]) => name);
  }

  async take(collection: string, name: string): Promise<TakeOutcome> {
    let outcome: TakeOutcome = { type: "unsure" };
    try {
      await this.#update(0, (document) => {
        const record = document.collections.get(collection)?.get(name);
        if (record === undefined) {
          outcome = { type: "gone" };
          return false;
        }
        document.collections.get(collection)?.delete(name);
        outcome = { type: "taken", stored: record };
        return true;
      });
      return outcome;
    } catch {
      // Busy, or cannot be written at all: then the next batch tells why.
      return { type: "unsure" };
    }
  }

  readonly write = async (batch: Batch): Promise<void> => {
    await this.#update(lockMilliseconds, (document) => {
      applyBatch(document, batch);
      return true;
    });
  };

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Changes the file; `change` says whether there is anything to write. */
  async #update(waitMilliseconds: number, change: (document: StoreDocument) => boolean): Promise<void> {
    const lock = await acquireFileLock(`${this.#path}.lock`, waitMilliseconds);
    if (lock === undefined) throw new Error("another process keeps the file locked");
    try {
      if (lock.wasLeftBehind) await removeLeftovers(this.#path);
      verifyStore(this.#path, [], this.#place);
      const { document } = readDocument(this.#path);
      this.#document = document;
      if (!change(document)) return;
      await replaceFile(this.#path, formatDocument(document), () => lock.isHeld());
      verifyStore(this.#path, [], this.#place);
    } finally {
      await lock.release();
    }
  }
}

/**
 * Reads a store's file; there is an empty store where there is none.
 *
 * @throws StoreError STORE_CORRUPT, STORE_NEWER, STORE_OPEN_FAILED, or what {@link openPrivateFile} finds.
 */
export function readDocument(path: string): {
  readonly document: StoreDocument;
  readonly dropped: readonly DroppedRecord[];
} {
  const descriptor = openPrivateFile(path);
  if (descriptor === undefined) return { document: emptyDocument(), dropped: [] };
  const facts = { peer: path, operation: "read" };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(descriptor));
  } catch (cause) {
    if (cause instanceof TypeError) throw new StoreError("STORE_CORRUPT", { ...facts, detail: "not UTF-8", cause });
    throw openFailed(path, cause);
  } finally {
    closeSync(descriptor);
  }
  const parsed = parseDocument(text);
  switch (parsed.type) {
    case "document":
      return parsed;
    case "newer":
      throw new StoreError("STORE_NEWER", { ...facts, detail: `version ${String(parsed.version)}` });
    case "damaged":
      throw new StoreError("STORE_CORRUPT", { ...facts, detail: parsed.reason });
  }
}
