import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { TransportError, UsageError } from "@fairlead/core";
import type { DrainOptions } from "../life/index.ts";
import { mergeMetrics, type MetricFamily } from "../observe/index.ts";
import { restartDelay } from "../gateway/pool/restart-delay.ts";
import { makeTicketKeys } from "./shared-ticket-keys.ts";
import { WorkerHandle, type WorkerAddress } from "./worker-handle.ts";

/** One that has lived for so long was no failure to start. */
const LASTING_MILLISECONDS = 10_000;
/** A worker that is too busy to say what it has counted is not waited for. */
const GATHER_MILLISECONDS = 1_000;

/** What is served by how many processes. */
export interface ServeWorkersOptions {
  /** What exports `ServeOptions` by default, or a function that makes them: a path, or a URL. */
  readonly module: string | URL;
  /** One for each processor that there is, by default. */
  readonly workers?: number | undefined;
  /** These take the place of what the module says. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  /** Has every worker keep metrics, also where its module does not look at them; not by default. */
  readonly metrics?: boolean | undefined;
  /** How long sessions of TLS are sealed with the same keys; 43,200 by default. */
  readonly ticketKeySeconds?: number | undefined;
  /** How long a worker may take until it serves; 30,000 by default. */
  readonly startMilliseconds?: number | undefined;
  /** Told when a worker has ended that nobody had told to. */
  readonly onCrash?: ((processId: number) => void) | undefined;
}

/**
 * Serves by several processes that share a port, the keys of TLS tickets, and metrics. The primary opens the port and all
 * accept from it, so that a connection that waits is nobody's yet: it is lost neither when a worker ends nor when another
 * takes its place. A worker that crashes is replaced, after a pause that grows while it keeps on crashing; when the primary
 * is gone, so are they.
 *
 * @returns once all of them serve.
 * @throws TransportError WORKER_START_FAILED when one does not.
 *
 * @example
 * // worker.js: export default { fetch: app.fetch, port: 8080 };
 * const workers = await serveWorkers({ module: new URL("./worker.js", import.meta.url), workers: 4 });
 * process.on("SIGHUP", () => workers.reload());
 * closeOnSignals(workers);
 */
export async function serveWorkers(options: ServeWorkersOptions): Promise<Workers> {
  const { workers: count = availableParallelism() } = options;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new UsageError("OPTION_INVALID", { detail: "workers", remedy: "give a positive whole number" });
  }
  if (!cluster.isPrimary) {
    throw new UsageError("OPTION_INVALID", { detail: "serveWorkers in a worker", remedy: "call it in the primary" });
  }
  // All accept by themselves: handed on by the primary, connections cost twice as much, and one may be lost with a worker.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const workers = new Workers(options, count);
  try {
    await workers.start();
  } catch (error) {
    await workers[Symbol.asyncDispose]();
    throw error;
  }
  return workers;
}

/** Processes that serve; see {@link serveWorkers}. */
export class Workers implements AsyncDisposable {
  readonly #options: ServeWorkersOptions;
  readonly #module: string;
  readonly #slots: readonly Slot[];
  readonly #rotation: NodeJS.Timeout;
  /** All whose process is not gone: those that serve, that begin, and that answer their last requests. */
  readonly #living = new Set<WorkerHandle>();
  #ticketKeys = makeTicketKeys();
  /** What those had counted that are gone: counters never fall. */
  #counted: readonly MetricFamily[] = [];
  #address: WorkerAddress = { url: undefined, port: undefined };
  #reloading: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(options: ServeWorkersOptions, count: number) {
    const { module, ticketKeySeconds = 43_200 } = options;
    this.#options = options;
    this.#module = module instanceof URL || URL.canParse(module) ? String(module) : pathToFileURL(module).href;
    this.#slots = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      serving: undefined,
      isFilling: false,
      failures: 0,
      timer: undefined,
    }));
    this.#rotation = setInterval(() => this.rotateTicketKeys(), ticketKeySeconds * 1_000).unref();
  }

  /** `https://localhost:8443`; `undefined` on a Unix socket. */
  get url(): string | undefined {
    return this.#address.url;
  }

  /** `undefined` on a Unix socket. */
  get port(): number | undefined {
    return this.#address.port;
  }

  /** Of those that serve. */
  get processIds(): readonly number[] {
    return this.#slots.flatMap(({ serving }) => (serving === undefined ? [] : [serving.processId]));
  }

  /** Called once, by {@link serveWorkers}. */
  async start(): Promise<void> {
    const [first, ...others] = this.#slots;
    // It finds the port where the system chooses, and what is wrong with a module.
    if (first !== undefined) this.#address = await this.#fill(first);
    await Promise.all(others.map((slot) => this.#fill(slot)));
  }

  /**
   * Has a new process take the place of each, one after the other: it reads the module, certificates and all else anew.
   * The old ones answer the requests that they have, within the grace. No request is lost.
   *
   * @returns when the old ones are gone.
   * @throws TransportError WORKER_START_FAILED when a new one does not start; those that are not replaced go on.
   */
  reload(options: DrainOptions = {}): Promise<void> {
    this.#reloading = this.#reloading.catch(() => undefined).then(() => this.#reload(options));
    return this.#reloading;
  }

  /** Seals sessions with new keys from now on, in all workers. Older sessions begin with a full handshake. */
  rotateTicketKeys(): void {
    this.#ticketKeys = makeTicketKeys();
    for (const handle of this.#living) handle.tell({ fairlead: "ticket-keys", ticketKeys: this.#ticketKeys });
  }

  /** What all of them have counted, and those before them; see `formatMetrics`. */
  async metrics(): Promise<readonly MetricFamily[]> {
    // Before one that is asked may end, and be among those that are gone.
    const before = this.#counted;
    const counted = await Promise.all(Array.from(this.#living, (handle) => handle.count(GATHER_MILLISECONDS)));
    return mergeMetrics([before, ...counted]);
  }

  /** Has all of them end when their requests are answered. A second call waits for the first; a grace of 0 cuts. */
  close(options: DrainOptions = {}): Promise<void> {
    if (options.graceMilliseconds === 0) for (const handle of this.#living) handle.kill();
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  /** Cuts everything. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close({ graceMilliseconds: 0 });
  }

  async #reload(options: DrainOptions): Promise<void> {
    const old = this.#slots.flatMap(({ serving }) => serving?.gone ?? []);
    for (const slot of this.#slots) await this.#fill(slot, options);
    await Promise.all(old);
  }

  async #close(options: DrainOptions): Promise<void> {
    clearInterval(this.#rotation);
    for (const { timer } of this.#slots) clearTimeout(timer);
    await Promise.all(Array.from(this.#living, (handle) => handle.retire(options)));
  }

  /** Starts a process, which takes the slot once it serves; the one that has it ends as the options say. */
  async #fill(slot: Slot, options: DrainOptions = {}): Promise<WorkerAddress> {
    if (this.#closed !== undefined) throw new TransportError("STREAM_CLOSED", { operation: "serve" });
    clearTimeout(slot.timer);
    const { metrics = false, startMilliseconds = 30_000, port, host, path } = this.#options;
    const at = {
      ...(port !== undefined && { port }),
      ...(host !== undefined && { host }),
      ...(path !== undefined && { path }),
    };
    const begun = performance.now();
    const start = { number: slot.number, ticketKeys: this.#ticketKeys, metrics, at };
    const handle = new WorkerHandle(this.#module, start, {
      onGather: (asking, question) => {
        void this.metrics().then((gathered) => {
          asking.tell({ fairlead: "gathered", question, metrics: gathered });
        });
      },
      onExit: (gone) => {
        this.#onExit(slot, gone, performance.now() - begun);
      },
    });
    this.#living.add(handle);
    slot.isFilling = true;
    const timer = setTimeout(() => handle.kill(), startMilliseconds);
    try {
      const address = await handle.ready;
      const old = slot.serving;
      slot.serving = handle;
      void old?.retire(options);
      return address;
    } finally {
      clearTimeout(timer);
      slot.isFilling = false;
    }
  }

  #onExit(slot: Slot, handle: WorkerHandle, milliseconds: number): void {
    this.#living.delete(handle);
    this.#counted = mergeMetrics([this.#counted, withoutGauges(handle.lastCounted)]);
    if (slot.serving !== handle) return;
    slot.serving = undefined;
    if (this.#closed !== undefined || handle.isRetired) return;
    slot.failures = milliseconds < LASTING_MILLISECONDS ? slot.failures + 1 : 0;
    this.#options.onCrash?.(handle.processId);
    this.#refill(slot);
  }

  #refill(slot: Slot): void {
    slot.timer = setTimeout(() => {
      // A reload may have been faster.
      if (slot.serving !== undefined || slot.isFilling) return;
      this.#fill(slot).catch(() => {
        slot.failures += 1;
        if (this.#closed === undefined) this.#refill(slot);
      });
    }, restartDelay(slot.failures));
  }
}

/** A place for one worker. */
interface Slot {
  readonly number: number;
  serving: WorkerHandle | undefined;
  isFilling: boolean;
  /** Workers in a row that did not last. */
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/** What a process had open went with it. */
function withoutGauges(families: readonly MetricFamily[]): readonly MetricFamily[] {
  return families.filter(({ type }) => type !== "gauge");
}
