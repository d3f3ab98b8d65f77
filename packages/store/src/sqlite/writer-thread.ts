import { parentPort, workerData } from "node:worker_threads";
import type { DatabaseSync } from "node:sqlite";
import { BatchRefused } from "../batch-refused.ts";
import type { Batch } from "../change-queue.ts";
import { connect } from "./connection.ts";
import { unpackBatch, type PackedBatch } from "./packed-batch.ts";
import { scrub } from "./scrub.ts";
import { isFull } from "./sqlite-error.ts";
import { makeDurable, writeBatch } from "./write-batch.ts";
import type { WrittenRange } from "./written-range.ts";

/** What the thread is asked to do; `undefined` is the last. */
export type WriterTask = PackedBatch | "scrub" | undefined;

/** What the thread answers to a batch. Errors lose their members on the way, so those that matter go apart. */
export type WriterReply =
  | { readonly type: "written"; readonly ranges: readonly WrittenRange[] }
  | { readonly type: "refused"; readonly found: Uint8Array | undefined }
  | { readonly type: "failed"; readonly message: string; readonly errcode: number | undefined };

/** Entry of the thread that writes: opens the database, then answers each task but the last. */
function serve(port: NonNullable<typeof parentPort>, file: string): void {
  let database: DatabaseSync | undefined;
  port.on("message", (task: WriterTask) => {
    if (task === undefined) {
      port.close();
      database?.close();
      return;
    }
    try {
      database ??= openDurably(file);
      const ranges = task === "scrub" ? [] : writeWithRoom(database, unpackBatch(task));
      if (task === "scrub") scrub(database);
      port.postMessage({ type: "written", ranges } satisfies WriterReply);
    } catch (error) {
      port.postMessage(failure(error));
    }
  });
}

/** Writes a batch. On a full disk, the log is moved into the database first, which gives its space back. */
function writeWithRoom(database: DatabaseSync, batch: Batch): readonly WrittenRange[] {
  try {
    return writeBatch(database, batch);
  } catch (error) {
    if (!isFull(error)) throw error;
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return writeBatch(database, batch);
  }
}

function openDurably(file: string): DatabaseSync {
  const database = connect(file);
  makeDurable(database);
  return database;
}

function failure(error: unknown): WriterReply {
  if (error instanceof BatchRefused) return { type: "refused", found: error.found };
  const message = error instanceof Error ? error.message : String(error);
  const errcode = error instanceof Error && "errcode" in error ? Number(error.errcode) : undefined;
  return { type: "failed", message, errcode };
}

if (parentPort !== null) serve(parentPort, String(workerData));
