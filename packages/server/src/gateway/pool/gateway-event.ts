import type { LogLevel } from "../protocol/index.ts";

/** A worker, as events name it. */
export interface WorkerName {
  /** Counts up from 1 for each gateway; no two workers of it have the same. */
  readonly id: number;
  /** Of a worker that is a process. */
  readonly pid: number | undefined;
}

/** Why a worker makes room for another. */
export type ReplacementReason = "requests" | "memory" | "wish" | "stuck" | "reload";

/** What happens to the workers of a gateway. */
export type GatewayEvent =
  /** A worker answers requests from now on. */
  | { readonly type: "ready"; readonly worker: WorkerName }
  /** A worker is to be replaced; it goes on until the other is ready, and then finishes what it has. */
  | { readonly type: "replacing"; readonly worker: WorkerName; readonly reason: ReplacementReason }
  /** A worker is gone. Where that was not wanted `error` has what it did wrong, if anything, and another is started. */
  | {
      readonly type: "ended";
      readonly worker: WorkerName;
      readonly isWanted: boolean;
      /** `exit code 1`, `signal SIGKILL`. */
      readonly how: string;
      readonly error: Error | undefined;
    }
  /** A worker did not start; it is tried again. */
  | { readonly type: "start-failed"; readonly error: Error }
  /** A line that a worker has logged, or written to its output. */
  | {
      readonly type: "log";
      readonly worker: WorkerName;
      readonly source: "log" | "stdout" | "stderr";
      readonly level: LogLevel;
      readonly text: string;
    }
  /** A request was not answered by a worker. */
  | { readonly type: "request-failed"; readonly status: number; readonly error: Error };
