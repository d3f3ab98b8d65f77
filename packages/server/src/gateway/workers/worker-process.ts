import type { Duplex } from "node:stream";

/** A worker that was started, or connected to. */
export interface WorkerProcess {
  /** What the gateway's protocol is spoken on. */
  readonly stream: Duplex;
  /** Of a process of its own. */
  readonly pid: number | undefined;
  /** Resolves when it is gone, with how it ended, as a clause; never rejects. */
  readonly ended: Promise<string>;
  /** Asks it to end: SIGTERM. */
  terminate(): void;
  /** Ends it: SIGKILL. */
  kill(): void;
}

/** Starts a worker, and tells each line of its output. */
export type StartWorker = (onLine: (output: "stdout" | "stderr", line: string) => void) => Promise<WorkerProcess>;
