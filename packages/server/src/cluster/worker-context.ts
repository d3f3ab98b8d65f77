import type { HttpMetrics } from "../observe/index.ts";
import type { Awaitable } from "../plugin.ts";
import type { ServeOptions } from "../serve.ts";

/** What a worker may know of itself. */
export interface WorkerContext {
  /** Counts from 1; one that takes another's place has its number. */
  readonly number: number;
  /**
   * Metrics of this worker, whose `fetch` shows what all workers have counted, and whose registry takes the application's
   * own. They are kept once somebody has looked at this, or where the primary asks for them.
   */
  readonly metrics: HttpMetrics;
}

/** What the module of workers exports by default. */
export type WorkerModule = ServeOptions | ((worker: WorkerContext) => Awaitable<ServeOptions>);
