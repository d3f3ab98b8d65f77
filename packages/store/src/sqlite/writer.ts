import { once } from "node:events";
import { URL } from "node:url";
import { Worker } from "node:worker_threads";
import { BatchRefused } from "../batch-refused.ts";
import type { Batch } from "../change-queue.ts";
import { buffersOf, packBatch } from "./packed-batch.ts";
import type { WriterReply, WriterTask } from "./writer-thread.ts";
import type { WrittenRange } from "./written-range.ts";

/** Beside this file: TypeScript where the sources run as they are, JavaScript where they were built. */
const entry = new URL(import.meta.url.endsWith(".ts") ? "./writer-thread.ts" : "./writer-thread.js", import.meta.url);

/**
 * The thread that writes, started with the first batch, and again when it has crashed. It keeps the process alive only
 * while a batch is under way.
 */
export class WriterThread {
  readonly #file: string;
  readonly #entry: URL;
  #worker: Worker | undefined;

  /** Another entry can be given by tests. */
  constructor(file: string, threadEntry = entry) {
    this.#file = file;
    this.#entry = threadEntry;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Writes one batch; the next one must wait until it is done. @returns what `writeBatch` does. */
  write(batch: Batch): Promise<readonly WrittenRange[]> {
    const packed = packBatch(batch);
    return this.#ask(packed, buffersOf(packed));
  }

  /** Leaves nothing of what was deleted; as for a batch, the next task must wait. */
  async scrub(): Promise<void> {
    await this.#ask("scrub");
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    worker.postMessage(undefined);
    await once(worker, "exit");
  }

  async #ask(
    task: Exclude<WriterTask, undefined>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<readonly WrittenRange[]> {
    const worker = this.#start();
    worker.ref();
    try {
      worker.postMessage(task, transfer);
      const reply = await nextReply(worker);
      if (reply.type === "refused") throw new BatchRefused(reply.found);
      if (reply.type === "failed") throw Object.assign(new Error(reply.message), { errcode: reply.errcode });
      return reply.ranges;
    } finally {
      worker.unref();
    }
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#entry, {
      workerData: this.#file,
      name: "fairlead-store",
      // None of the process's options concern it, and Node 22 would warn once more that SQLite is experimental.
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    // The batch that waits tells why; without a listener the error would end the process.
    worker.on("error", forget);
    worker.on("exit", forget);
    this.#worker = worker;
    return worker;
  }
}

/** The answer of a thread, or why it will not answer. */
function nextReply(worker: Worker): Promise<WriterReply> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    };
    const onMessage = (reply: WriterReply): void => {
      settle();
      resolve(reply);
    };
    const onError = (error: unknown): void => {
      settle();
      reject(new Error("the writing thread crashed", { cause: error }));
    };
    const onExit = (code: number): void => {
      settle();
      reject(new Error(`the writing thread ended with code ${String(code)}`));
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}
