import cluster from "node:cluster";
import { inspect } from "node:util";
import type { DrainOptions } from "../life/index.ts";
import { httpMetrics, type HttpMetrics, type MetricFamily } from "../observe/index.ts";
import { serve, type RunningServer, type ServeOptions } from "../serve.ts";
import { TicketKeyHolder } from "./shared-ticket-keys.ts";
import type { WorkerContext, WorkerModule } from "./worker-context.ts";
import { isOurs, type ToPrimary, type ToWorker } from "./worker-messages.ts";

/** What the application has left running keeps a closed worker alive no longer. */
const EXIT_MILLISECONDS = 2_000;

/** The process of one worker: it serves what a module says, and does what its primary tells it. */
export class WorkerProcess {
  readonly #module: string;
  readonly #gatherings = new Map<number, (metrics: readonly MetricFamily[]) => void>();
  #gatheringCount = 0;
  #metrics: HttpMetrics | undefined;
  #ticketKeys: TicketKeyHolder | undefined;
  #running: RunningServer | undefined;
  #closing: Promise<void> | undefined;

  /** @param module the URL of what exports by default what is to be served. */
  constructor(module: string) {
    this.#module = module;
  }

  /** Waits for the primary to begin. */
  run(): void {
    process.on("message", (message) => {
      // Only the primary's own code sends them.
      if (isOurs(message)) this.#onMessage(message as ToWorker);
    });
    // A terminal sends it to all processes at once; the primary knows what is to be done.
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", () => {
      void this.#close({});
    });
  }

  #onMessage(message: ToWorker): void {
    switch (message.fairlead) {
      case "start":
        this.#start(message).catch((error: unknown) => {
          this.#tell({ fairlead: "failed", detail: error instanceof Error ? error.message : String(error) });
          process.stderr.write(`${inspect(error)}\n`);
          process.exitCode = 1;
          leave();
        });
        break;
      case "ticket-keys":
        this.#ticketKeys?.replace(message.ticketKeys);
        break;
      case "count":
        this.#tell({ fairlead: "counted", question: message.question, metrics: this.#counted() });
        break;
      case "gathered":
        this.#gatherings.get(message.question)?.(message.metrics);
        this.#gatherings.delete(message.question);
        break;
      case "close":
        void this.#close(message.options);
        break;
    }
  }

  async #start({ number, ticketKeys, metrics, at }: ToWorker & { readonly fairlead: "start" }): Promise<void> {
    const holder = new TicketKeyHolder(ticketKeys);
    this.#ticketKeys = holder;
    const options = await this.#optionsFor(number);
    const kept = metrics ? this.#keepMetrics() : this.#metrics;
    this.#running = await serve({
      ...options,
      ...at,
      ...(options.tls !== undefined && {
        tls: { ...options.tls, ticketKeys: options.tls.ticketKeys ?? holder.schedule },
      }),
      observers: [...(options.observers ?? []), ...(kept === undefined ? [] : [kept])],
    });
    const { url, port } = this.#running;
    this.#tell({ fairlead: "ready", url, port });
  }

  async #optionsFor(number: number): Promise<ServeOptions> {
    // The application's own; what it lacks, `serve` says.
    const { default: served } = (await import(this.#module)) as { readonly default: WorkerModule };
    if (typeof served !== "function") return served;
    const keepMetrics = (): HttpMetrics => this.#keepMetrics();
    const context: WorkerContext = {
      number,
      get metrics() {
        return keepMetrics();
      },
    };
    return served(context);
  }

  #keepMetrics(): HttpMetrics {
    this.#metrics ??= httpMetrics({ gather: () => this.#gather() });
    return this.#metrics;
  }

  #counted(): readonly MetricFamily[] {
    return this.#metrics?.registry.snapshot() ?? [];
  }

  /** What all workers have counted. */
  #gather(): Promise<readonly MetricFamily[]> {
    this.#gatheringCount += 1;
    const question = this.#gatheringCount;
    const { promise, resolve } = Promise.withResolvers<readonly MetricFamily[]>();
    this.#gatherings.set(question, resolve);
    this.#tell({ fairlead: "gather", question });
    return promise;
  }

  #close(options: DrainOptions): Promise<void> {
    // A second one may have no more patience.
    const closed = this.#running?.close(options) ?? Promise.resolve();
    this.#closing ??= closed.then(() => {
      this.#tell({ fairlead: "closed", metrics: this.#counted() });
      leave();
    });
    return this.#closing;
  }

  #tell(message: ToPrimary): void {
    // The primary may be gone, which ends this process.
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  }
}

function leave(): void {
  cluster.worker?.disconnect();
  setTimeout(() => process.exit(), EXIT_MILLISECONDS).unref();
}
