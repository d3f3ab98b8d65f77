import { StoreError } from "@fairlead/core";
import type { Batch, ChangeQueue } from "./change-queue.ts";

/**
 * Makes one batch durable: all of it or nothing. `last` says that the store is closing or the process ending, so that
 * no thread is worth starting.
 */
export type WriteBatch = (batch: Batch, moment: "behind" | "last") => Promise<void>;

/** What {@link WriteBehind} works with. */
export interface WriteBehindOptions {
  /** For error messages. */
  readonly peer: string;
  readonly queue: ChangeQueue;
  readonly write: WriteBatch;
  /** Largest number of changes that may wait in a collection. */
  readonly limit: (collection: string) => number;
  readonly onFailure: (message: string, cause: unknown) => void;
  /** A batch is no longer under way, however it ended. */
  readonly onIdle: () => void;
}

/** How long changes gather before they are written: what `kill -9` may cost when nobody asks for a flush. */
const gatherMilliseconds = 100;
/** So many changes are written without waiting for more. */
const gatherRecords = 1_000;
const firstRetryMilliseconds = 1_000;
const lastRetryMilliseconds = 60_000;

/**
 * Writes a queue of changes behind its writer's back: one batch at a time, each with everything that waits.
 *
 * It does not keep the process alive while changes gather; when nothing else does either, it writes them before the
 * process ends. A batch that fails goes back into the queue and is tried again, more and more rarely.
 */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  #inFlight: { readonly batch: Batch; readonly done: Promise<void> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #waitsForExit = false;
  #closing: Promise<void> | undefined;
  /** Work that no batch may be under way for. */
  #exclusive: Promise<void> | undefined;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** Whether a batch is on its way to the disk right now. */
  get isBusy(): boolean {
    return this.#inFlight !== undefined || this.#exclusive !== undefined;
  }

  /** Works while no batch is under way; none begins before that is over. */
  async exclusively(work: () => Promise<void>): Promise<void> {
    while (this.isBusy) await (this.#exclusive ?? this.#inFlight?.done)?.catch(() => undefined);
    const over = work().finally(() => {
      this.#exclusive = undefined;
      this.#options.onIdle();
      if (!this.#options.queue.isEmpty) this.changed();
    });
    this.#exclusive = over.catch(() => undefined);
    await over;
  }

  /** Whether a change of this name is on its way to the disk right now. */
  isInFlight(collection: string, name: string): boolean {
    return this.#inFlight?.batch.get(collection)?.records.has(name) ?? false;
  }

  /** Takes note that the queue holds something new. */
  changed(): void {
    if (this.#closing !== undefined) return;
    if (!this.#waitsForExit) {
      this.#waitsForExit = true;
      process.once("beforeExit", this.#onBeforeExit);
    }
    if (this.isBusy) return;
    if (this.#failures > 0) this.#schedule(this.#retryDelay());
    else if (this.#options.queue.size < gatherRecords) this.#schedule(gatherMilliseconds);
    else this.#onTimer();
  }

  /** Tries again at once what could not be written. */
  retry(): void {
    if (this.#failures > 0 && this.#closing === undefined) this.#onTimer();
  }

  /** Resolves when all that waits now is durable. */
  async flush(moment: "behind" | "last" = "behind"): Promise<void> {
    while (this.#exclusive !== undefined) await this.#exclusive;
    // The batch in flight may have left before the last change; when it fails, its changes are back in the queue.
    if (this.#inFlight !== undefined) await this.#inFlight.done.catch(() => undefined);
    // When a batch is in flight now, another caller has resumed before us, and ours is in it.
    if (this.#inFlight !== undefined) await this.#inFlight.done;
    else if (!this.#options.queue.isEmpty) await this.#write(moment);
    const lost = this.#options.queue.takeLost();
    if (lost > 0) throw this.#writeFailed(undefined, `${String(lost)} changes were lost before the disk took them`);
  }

  /** Writes what waits, then stops. Calling it again gives the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.flush("last").finally(() => {
      this.#stopWaiting();
    });
    return this.#closing;
  }

  #write(moment: "behind" | "last"): Promise<void> {
    const batch = this.#options.queue.takeAll();
    const done = this.#options.write(batch, moment).then(
      () => {
        this.#inFlight = undefined;
        this.#failures = 0;
        this.#stopWaiting();
        this.#options.onIdle();
        if (!this.#options.queue.isEmpty) this.changed();
      },
      (cause: unknown) => {
        this.#inFlight = undefined;
        this.#failures++;
        this.#options.queue.restore(batch, this.#options.limit);
        this.#options.onFailure("the changes could not be written and stay queued", cause);
        this.#options.onIdle();
        if (this.#closing === undefined) this.#schedule(this.#retryDelay());
        throw this.#writeFailed(cause);
      },
    );
    this.#inFlight = { batch, done };
    return done;
  }

  #schedule(delayMilliseconds: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(this.#onTimer, delayMilliseconds).unref();
  }

  readonly #onTimer = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Its failure is told by onFailure.
    if (!this.isBusy && !this.#options.queue.isEmpty) this.#write("behind").catch(() => undefined);
  };

  #retryDelay(): number {
    return Math.min(lastRetryMilliseconds, firstRetryMilliseconds * 2 ** Math.max(0, this.#failures - 1));
  }

  /** Once only until something changes: a disk that cannot be written must not hold the process for ever. */
  readonly #onBeforeExit = (): void => {
    this.#waitsForExit = false;
    this.flush("last").catch(() => undefined);
  };

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitsForExit = false;
    process.removeListener("beforeExit", this.#onBeforeExit);
  }

  #writeFailed(cause: unknown, detail?: string): StoreError {
    const remedy = cause instanceof StoreError ? cause.remedy : undefined;
    return new StoreError("STORE_WRITE_FAILED", {
      peer: this.#options.peer,
      operation: "write",
      detail,
      remedy,
      cause,
    });
  }
}
