import type { WorkerAnswer, WorkerRequest } from "../server-end/worker-call.ts";
import type { WorkerConnection } from "../server-end/worker-connection.ts";
import type { GatewayEvent } from "./gateway-event.ts";
import type { ManagedWorkerOptions } from "./managed-worker.ts";
import { WaitingQueue } from "./waiting-queue.ts";
import { WorkerSlot } from "./worker-slot.ts";

/** How a pool is kept. */
export interface WorkerPoolOptions extends ManagedWorkerOptions {
  readonly count: number;
  /** Requests that wait for a worker, at the most. */
  readonly waitingRequests: number;
  readonly waitingMilliseconds: number;
  readonly pingMilliseconds: number;
  /** A worker that has had so many is replaced. */
  readonly recycleRequests: number;
  /** A worker that says it takes more is replaced. */
  readonly recycleMemoryBytes: number;
  onEvent(event: GatewayEvent): void;
}

/** How often it is looked at what is late. */
const SWEEP_MILLISECONDS = 100;

/** Workers, the requests that they have, and those that wait for one. */
export class WorkerPool {
  readonly slots: readonly WorkerSlot[];
  readonly #options: WorkerPoolOptions;
  readonly #waiting: WaitingQueue;
  #lastId = 0;
  /** Where the search for the least busy begins, so that equals take turns. */
  #turn = 0;
  #sweeping: NodeJS.Timeout | undefined;
  readonly #pinging: NodeJS.Timeout;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#waiting = new WaitingQueue(options.waitingRequests, options.waitingMilliseconds);
    const host = {
      options,
      nextId: () => {
        this.#lastId += 1;
        return this.#lastId;
      },
      onEvent: (event: GatewayEvent) => {
        options.onEvent(event);
      },
      onRoom: () => {
        this.#admit();
      },
    };
    this.slots = Array.from({ length: options.count }, () => new WorkerSlot(host));
    for (const slot of this.slots) slot.fill();
    this.#pinging = setInterval(() => {
      this.#ping();
    }, options.pingMilliseconds);
    this.#pinging.unref();
  }

  /** Requests that wait for a worker. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Has the least busy worker answer a request, or the first that has room.
   *
   * @returns a promise that rejects with a WorkerFailure, or a {@link NoWorkerError} when none takes it.
   */
  call(request: WorkerRequest): Promise<WorkerAnswer> {
    this.#sweeping ??= setInterval(() => {
      this.#sweep();
    }, SWEEP_MILLISECONDS).unref();
    const connection = this.#waiting.size === 0 ? this.#leastBusy() : undefined;
    if (connection !== undefined) return this.#hand(request, connection);
    return this.#waiting.add(request);
  }

  /** Replaces all workers, one after the other, by new ones; those have to be ready first. */
  async reload(): Promise<void> {
    for (const slot of this.slots) await slot.reload();
  }

  /** Has the workers finish what they have; closing again at once ends them. Resolves when they are gone. */
  close(isAtOnce: boolean): Promise<void> {
    this.#waiting.close();
    const closing = Promise.all(this.slots.map((slot) => slot.close(isAtOnce))).then(() => {
      clearInterval(this.#pinging);
      clearInterval(this.#sweeping);
    });
    this.#closing ??= closing;
    return closing;
  }

  #leastBusy(): WorkerConnection | undefined {
    let best: WorkerConnection | undefined;
    this.#turn = (this.#turn + 1) % this.slots.length;
    for (let offset = 0; offset < this.slots.length; offset += 1) {
      const connection = this.slots[(this.#turn + offset) % this.slots.length]?.serving?.connection;
      if (connection?.hasRoom === true && (best === undefined || connection.active < best.active)) best = connection;
    }
    return best;
  }

  #hand(request: WorkerRequest, connection: WorkerConnection): Promise<WorkerAnswer> {
    const answer = connection.call(request);
    if (connection.requests >= this.#options.recycleRequests) this.#recycle(connection, "requests");
    return answer;
  }

  #recycle(connection: WorkerConnection, reason: "requests" | "memory"): void {
    this.slots.find(({ serving }) => serving?.connection === connection)?.replace(reason);
  }

  #admit(): void {
    while (this.#waiting.size > 0) {
      const connection = this.#leastBusy();
      if (connection === undefined) return;
      this.#waiting.next((request) => this.#hand(request, connection));
    }
  }

  #ping(): void {
    for (const slot of this.slots) {
      for (const { connection } of slot.living) {
        if (connection === undefined) continue;
        if (connection.memoryBytes > this.#options.recycleMemoryBytes) this.#recycle(connection, "memory");
        connection.ping();
      }
    }
    this.#sweep();
  }

  #sweep(): void {
    const now = performance.now();
    let active = this.#waiting.sweep(now);
    for (const slot of this.slots) {
      for (const { connection } of slot.living) {
        connection?.sweep(now);
        active += connection?.active ?? 0;
      }
    }
    if (active > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }
}
