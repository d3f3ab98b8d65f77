import { TransportError } from "@fairlead/core";
import { WorkerConnection, type WorkerConnectionOptions } from "../server-end/worker-connection.ts";
import type { StartWorker, WorkerProcess } from "../workers/worker-process.ts";
import type { GatewayEvent, ReplacementReason, WorkerName } from "./gateway-event.ts";

/** How workers are kept. */
export interface ManagedWorkerOptions extends WorkerConnectionOptions {
  readonly start: StartWorker;
  /** From its start to its HELLO. */
  readonly startMilliseconds: number;
  /** From when it is to finish to when it is ended. */
  readonly drainMilliseconds: number;
  /** From SIGTERM to SIGKILL, and from the end of its connection to SIGTERM. */
  readonly exitMilliseconds: number;
}

/** What is told of a worker. */
export interface ManagedWorkerEvents {
  onEvent(event: GatewayEvent): void;
  onReady(worker: ManagedWorker): void;
  onRoom(): void;
  /** It is to be replaced. */
  onReplace(worker: ManagedWorker, reason: ReplacementReason): void;
  /** It takes no more requests: it did not start, or its connection has ended. Once. */
  onLost(worker: ManagedWorker, error: Error | undefined): void;
}

/** One worker, from its start to the end of its process. */
export class ManagedWorker {
  readonly id: number;
  /** Resolves when nothing of it is left. */
  readonly gone: Promise<void>;
  readonly startedAt = performance.now();
  readonly #options: ManagedWorkerOptions;
  readonly #events: ManagedWorkerEvents;
  #process: WorkerProcess | undefined;
  #connection: WorkerConnection | undefined;
  #state: "starting" | "ready" | "retiring" | "lost" = "starting";
  #isWanted = false;
  #failure: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(id: number, options: ManagedWorkerOptions, events: ManagedWorkerEvents) {
    this.id = id;
    this.#options = options;
    this.#events = events;
    this.gone = this.#run();
  }

  get name(): WorkerName {
    return { id: this.id, pid: this.#process?.pid };
  }

  get state(): "starting" | "ready" | "retiring" | "lost" {
    return this.#state;
  }

  /** Where requests go; `undefined` before it is ready. */
  get connection(): WorkerConnection | undefined {
    return this.#state === "ready" || this.#state === "retiring" ? this.#connection : undefined;
  }

  /** Has it finish what it has, and end, within its time. */
  retire(): void {
    if (this.#state === "retiring" || this.#state === "lost") return;
    const wasReady = this.#state === "ready";
    if (!wasReady) {
      this.end();
      return;
    }
    this.#isWanted = true;
    this.#state = "retiring";
    this.#setTimer(this.#options.drainMilliseconds, () => {
      this.#destroy(new Error("the worker did not finish in time"));
    });
    this.#connection?.drain();
  }

  /** Ends it now. */
  end(): void {
    this.#isWanted = true;
    this.#destroy(new Error("the worker is not wanted any more"));
  }

  async #run(): Promise<void> {
    const { start, startMilliseconds, exitMilliseconds } = this.#options;
    this.#setTimer(startMilliseconds, () => {
      this.#destroy(new Error(`it said no HELLO within ${startMilliseconds} ms`));
    });
    let worker: WorkerProcess;
    try {
      worker = await start((source, text) => {
        const level = source === "stderr" ? "error" : "info";
        this.#events.onEvent({ type: "log", worker: this.name, source, level, text });
      });
    } catch (error) {
      this.#lose(error as Error);
      return;
    }
    this.#process = worker;
    const closed = this.#connect(worker);
    void worker.ended.then(() => {
      // What it has said before is still read; but a child of its own may hold the connection open.
      setTimeout(() => this.#connection?.destroy(new Error("the worker has ended")), exitMilliseconds).unref();
    });
    const error = await closed;
    this.#lose(error);
    // One that was told to finish, or has ended its connection, ends by itself; any other is not to be trusted to.
    if (error === undefined) this.#setTimer(exitMilliseconds, () => this.#terminate(worker));
    else this.#terminate(worker);
    const how = await worker.ended;
    clearTimeout(this.#timer);
    this.#events.onEvent({ type: "ended", worker: this.name, isWanted: this.#isWanted, how, error });
  }

  #connect(worker: WorkerProcess): Promise<Error | undefined> {
    return new Promise((resolve) => {
      this.#connection = new WorkerConnection(worker.stream, this.#options, {
        onReady: () => {
          if (this.#state !== "starting") return;
          clearTimeout(this.#timer);
          this.#state = "ready";
          this.#events.onEvent({ type: "ready", worker: this.name });
          this.#events.onReady(this);
        },
        onRoom: () => {
          this.#events.onRoom();
        },
        onDrain: () => {
          this.#events.onReplace(this, "wish");
        },
        onStuck: () => {
          this.#events.onReplace(this, "stuck");
        },
        onLog: (level, text) => {
          this.#events.onEvent({ type: "log", worker: this.name, source: "log", level, text });
        },
        onClosed: resolve,
      });
      if (this.#failure !== undefined) this.#connection.destroy(this.#failure);
    });
  }

  #terminate(worker: WorkerProcess): void {
    worker.terminate();
    this.#setTimer(this.#options.exitMilliseconds, () => {
      worker.kill();
    });
  }

  #destroy(error: Error): void {
    this.#failure ??= error;
    this.#connection?.destroy(error);
  }

  #lose(error: Error | undefined): void {
    clearTimeout(this.#timer);
    const hasStarted = this.#state !== "starting";
    this.#state = "lost";
    const isStartFailure = error instanceof TransportError && error.code === "WORKER_START_FAILED";
    const failure = hasStarted || isStartFailure ? error : new TransportError("WORKER_START_FAILED", { cause: error });
    this.#events.onLost(this, failure);
  }

  #setTimer(milliseconds: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, milliseconds);
  }
}
