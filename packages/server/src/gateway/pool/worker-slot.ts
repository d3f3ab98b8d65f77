import type { GatewayEvent, ReplacementReason } from "./gateway-event.ts";
import { ManagedWorker, type ManagedWorkerOptions } from "./managed-worker.ts";
import { restartDelay } from "./restart-delay.ts";

/** A worker that has lived for so long was no failure to start. */
const LASTING_MILLISECONDS = 10_000;

/** What a slot has of its pool. */
export interface SlotHost {
  readonly options: ManagedWorkerOptions;
  nextId(): number;
  onEvent(event: GatewayEvent): void;
  /** Somebody takes requests, or more of them than before. */
  onRoom(): void;
}

/** A place for one worker, and the one that is to replace it. */
export class WorkerSlot {
  readonly #host: SlotHost;
  #serving: ManagedWorker | undefined;
  #coming: ManagedWorker | undefined;
  /** Those whose process is not gone yet. */
  readonly #living = new Set<ManagedWorker>();
  #failures = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Whether the one that serves is not to serve for long, so that it is tried until there is another. */
  #isReplaced = false;
  /** Resolves when the one that comes serves. */
  #arrival: PromiseWithResolvers<void> | undefined;

  constructor(host: SlotHost) {
    this.#host = host;
  }

  /** The worker that takes requests. */
  get serving(): ManagedWorker | undefined {
    return this.#serving;
  }

  /** All that are not gone. */
  get living(): Iterable<ManagedWorker> {
    return this.#living;
  }

  /** How often a worker was started in the place of one that had ended. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Starts a worker, where none is on its way. */
  fill(): void {
    if (this.#isClosed || this.#coming !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const worker: ManagedWorker = new ManagedWorker(this.#host.nextId(), this.#host.options, {
      onEvent: (event) => {
        this.#host.onEvent(event);
      },
      onReady: () => {
        this.#onReady(worker);
      },
      onRoom: () => {
        this.#host.onRoom();
      },
      onReplace: (_, reason) => {
        if (worker === this.#serving) this.replace(reason);
      },
      onLost: (_, error) => {
        this.#onLost(worker, error);
      },
    });
    this.#coming = worker;
    this.#arrival = Promise.withResolvers();
    // Most come without anybody who waits for them.
    this.#arrival.promise.catch(() => undefined);
    this.#living.add(worker);
    void worker.gone.then(() => this.#living.delete(worker));
  }

  /** Has another worker take the place of the one that serves, when it is ready. */
  replace(reason: ReplacementReason): void {
    if (this.#isReplaced || this.#isClosed || this.#serving === undefined) return;
    this.#isReplaced = true;
    this.#host.onEvent({ type: "replacing", worker: this.#serving.name, reason });
    this.fill();
  }

  /** Resolves when a worker that was started now serves, and the one before is gone; rejects when it does not start. */
  async reload(): Promise<void> {
    // One that is on its way may have read what has changed since.
    while (this.#coming !== undefined) await this.#arrived()?.catch(() => undefined);
    const old = this.#serving;
    if (old !== undefined) this.#host.onEvent({ type: "replacing", worker: old.name, reason: "reload" });
    this.fill();
    await this.#arrived();
    await old?.gone;
  }

  /** Has all of its workers finish, or end at once. Resolves when they are gone. */
  async close(isAtOnce: boolean): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const living = [...this.#living];
    for (const worker of living) {
      if (isAtOnce) worker.end();
      else worker.retire();
    }
    await Promise.all(living.map(({ gone }) => gone));
  }

  #arrived(): Promise<void> | undefined {
    return this.#arrival?.promise;
  }

  #onReady(worker: ManagedWorker): void {
    const old = this.#serving;
    this.#serving = worker;
    this.#coming = undefined;
    this.#isReplaced = false;
    old?.retire();
    this.#arrival?.resolve();
    this.#arrival = undefined;
    this.#host.onRoom();
  }

  #onLost(worker: ManagedWorker, error: Error | undefined): void {
    const wasComing = worker === this.#coming;
    if (wasComing) {
      this.#coming = undefined;
      if (!this.#isClosed && error !== undefined) this.#host.onEvent({ type: "start-failed", error });
      this.#arrival?.reject(error);
      this.#arrival = undefined;
    } else if (worker === this.#serving) {
      this.#serving = undefined;
    } else {
      return;
    }
    if (this.#isClosed || this.#coming !== undefined) return;
    if (wasComing && this.#serving !== undefined && !this.#isReplaced) return;
    if (performance.now() - worker.startedAt > LASTING_MILLISECONDS) this.#failures = 0;
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.fill();
    }, restartDelay(this.#failures));
    this.#failures += 1;
  }
}
