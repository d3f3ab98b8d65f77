import cluster, { type Worker } from "node:cluster";
import { fileURLToPath } from "node:url";
import { TransportError } from "@fairlead/core";
import type { DrainOptions } from "../life/index.ts";
import type { MetricFamily } from "../observe/index.ts";
import { isOurs, type ToPrimary, type ToWorker } from "./worker-messages.ts";

/** Beside the grace that requests have: for the process to end. */
const EXIT_MILLISECONDS = 5_000;
const entry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./worker-main.ts" : "./worker-main.js", import.meta.url),
);

/** Where a worker can be reached. */
export interface WorkerAddress {
  readonly url: string | undefined;
  readonly port: number | undefined;
}

/** What a primary hears from one of its workers. */
export interface WorkerListener {
  /** It asks what all workers have counted. */
  onGather(handle: WorkerHandle, question: number): void;
  /** Its process is gone. */
  onExit(handle: WorkerHandle): void;
}

/** One worker process, as its primary sees it. */
export class WorkerHandle {
  readonly #worker: Worker;
  readonly #ready = Promise.withResolvers<WorkerAddress>();
  readonly #gone = Promise.withResolvers<undefined>();
  readonly #questions = new Map<number, (metrics: readonly MetricFamily[]) => void>();
  #questionCount = 0;
  #counted: readonly MetricFamily[] = [];
  #isRetired = false;
  #killing: NodeJS.Timeout | undefined;

  /** Starts a process; {@link ready} tells whether it serves. */
  constructor(module: string, start: Omit<ToWorker & { readonly fairlead: "start" }, "fairlead">, to: WorkerListener) {
    this.ready.catch(() => undefined);
    this.#worker = fork(module);
    this.#worker.on("message", (message: unknown) => {
      // Only our own code in the worker sends them.
      if (isOurs(message)) this.#onMessage(message as ToPrimary, to);
    });
    this.#worker.on("error", (cause) => {
      this.#fail(cause.message, cause);
    });
    this.#worker.once("exit", (code, signal) => {
      clearTimeout(this.#killing);
      // There is one of both, whatever the types say.
      this.#fail(`ended with ${String((signal as string | null) ?? code)}`);
      for (const answer of this.#questions.values()) answer(this.#counted);
      this.#questions.clear();
      this.#gone.resolve(undefined);
      to.onExit(this);
    });
    this.tell({ fairlead: "start", ...start });
  }

  /** Resolves when it serves. Rejects with TransportError WORKER_START_FAILED. */
  get ready(): Promise<WorkerAddress> {
    return this.#ready.promise;
  }

  /** Resolves when its process is gone. */
  get gone(): Promise<unknown> {
    return this.#gone.promise;
  }

  /** 0 when there is none. */
  get processId(): number {
    return this.#worker.process.pid ?? 0;
  }

  /** Whether it was told to end. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** What it had counted when it was last asked. */
  get lastCounted(): readonly MetricFamily[] {
    return this.#counted;
  }

  /** Says something to it; it may be gone. */
  tell(message: ToWorker): void {
    if (this.#worker.isConnected()) this.#worker.process.send(message, undefined, {}, () => undefined);
  }

  /** Asks what it has counted; one that does not answer in time has counted what it had before. */
  async count(milliseconds: number): Promise<readonly MetricFamily[]> {
    this.#questionCount += 1;
    const question = this.#questionCount;
    const { promise, resolve } = Promise.withResolvers<readonly MetricFamily[]>();
    this.#questions.set(question, resolve);
    const timer = setTimeout(() => resolve(this.#counted), milliseconds);
    this.tell({ fairlead: "count", question });
    this.#counted = await promise;
    clearTimeout(timer);
    this.#questions.delete(question);
    return this.#counted;
  }

  /** Has it take no more connections and end when its requests are answered; it is killed when it does not. */
  retire(options: DrainOptions): Promise<unknown> {
    this.#isRetired = true;
    this.tell({ fairlead: "close", options });
    clearTimeout(this.#killing);
    const { graceMilliseconds = 10_000 } = options;
    this.#killing = setTimeout(() => this.kill(), Math.min(graceMilliseconds + EXIT_MILLISECONDS, 2 ** 31 - 1));
    return this.gone;
  }

  /** Ends it at once. */
  kill(): void {
    this.#isRetired = true;
    this.#worker.process.kill("SIGKILL");
  }

  #onMessage(message: ToPrimary, to: WorkerListener): void {
    switch (message.fairlead) {
      case "ready":
        this.#ready.resolve(message);
        break;
      case "failed":
        this.#fail(message.detail);
        break;
      case "counted":
        this.#questions.get(message.question)?.(message.metrics);
        break;
      case "gather":
        to.onGather(this, message.question);
        break;
      case "closed":
        this.#counted = message.metrics;
        break;
    }
  }

  #fail(detail: string, cause?: Error): void {
    this.#ready.reject(new TransportError("WORKER_START_FAILED", { operation: "serve", detail, cause }));
  }
}

/** Settings are those of the whole process: others may fork, too. */
function fork(module: string): Worker {
  cluster.setupPrimary();
  const before = { ...cluster.settings };
  cluster.setupPrimary({ exec: entry, args: [module], serialization: "json" });
  try {
    return cluster.fork();
  } finally {
    cluster.setupPrimary(before);
  }
}
