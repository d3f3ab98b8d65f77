import { fileURLToPath } from "node:url";
import { UsageError } from "@fairlead/core";
import type { FetchHandler } from "../fetch-handler.ts";
import { answerByWorker } from "./answer-by-worker.ts";
import type { GatewayOptions, GatewayWorkers } from "./gateway-options.ts";
import { writeEvent } from "./pool/write-event.ts";
import { WorkerPool } from "./pool/worker-pool.ts";
import { childProcesses } from "./workers/child-process.ts";
import { socketWorkers } from "./workers/socket.ts";
import { threads } from "./workers/thread.ts";
import type { StartWorker } from "./workers/worker-process.ts";

/** One worker, as it is now. */
export interface GatewayWorkerStats {
  readonly id: number;
  readonly pid: number | undefined;
  readonly state: "starting" | "ready" | "retiring" | "lost";
  /** Requests that it has, and that it has had. */
  readonly active: number;
  readonly requests: number;
  /** By its own account; 0 where it gave none. */
  readonly memoryBytes: number;
}

/** A gateway, as it is now. */
export interface GatewayStats {
  readonly workers: readonly GatewayWorkerStats[];
  /** Requests that wait for a worker. */
  readonly waiting: number;
  /** How often a worker was started in the place of one that had ended without being asked to. */
  readonly restarts: number;
}

/** A handler whose requests are answered by workers. */
export interface Gateway extends FetchHandler {
  readonly stats: GatewayStats;
  /**
   * Replaces each worker by a new one, one after the other; nothing is lost. Resolves when the old ones are gone.
   *
   * Rejects with TransportError WORKER_START_FAILED when a new one does not start: those that are left go on.
   */
  reload(): Promise<void>;
  /** Has the workers finish what they have, and ends them; called again it ends them at once. Resolves when they are gone. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a handler of workers, which are started at once: requests that come before one is ready wait.
 *
 * @throws UsageError OPTION_INVALID
 *
 * @example
 * ```ts
 * const app = gateway({ workers: { command: ["python3", "worker.py"], count: 2 } });
 * const server = await serve({ fetch: app });
 * ```
 */
export function gateway(options: GatewayOptions): Gateway {
  const { workers, waiting = {}, recycle = {} } = options;
  const onEvent = options.onEvent?.bind(options) ?? writeEvent;
  const pool = new WorkerPool({
    start: starter(workers),
    count: positive("workers.count", workers.count ?? ("path" in workers ? 1 : 2)),
    requests: positive("requestsPerWorker", options.requestsPerWorker ?? 64),
    windowBytes: positive("windowBytes", options.windowBytes ?? 131_072),
    waitingRequests: waiting.requests ?? 1_000,
    waitingMilliseconds: waiting.milliseconds ?? 10_000,
    startMilliseconds: options.startMilliseconds ?? 10_000,
    answerMilliseconds: options.answerMilliseconds ?? 60_000,
    stuckMilliseconds: options.stuckMilliseconds ?? 30_000,
    drainMilliseconds: options.drainMilliseconds ?? 30_000,
    exitMilliseconds: options.exitMilliseconds ?? 2_000,
    pingMilliseconds: positive("pingMilliseconds", options.pingMilliseconds ?? 5_000),
    recycleRequests: positive("recycle.requests", recycle.requests ?? Infinity),
    recycleMemoryBytes: positive("recycle.memoryBytes", recycle.memoryBytes ?? Infinity),
    onEvent,
  });
  let isClosing = false;
  const close = (): Promise<void> => {
    const isAtOnce = isClosing;
    isClosing = true;
    return pool.close(isAtOnce);
  };
  const handler: FetchHandler = (request, context) => answerByWorker(pool, request, context, onEvent);
  return Object.defineProperty(
    Object.assign(handler, { reload: () => pool.reload(), close, [Symbol.asyncDispose]: close }),
    "stats",
    { get: () => statsOf(pool) },
  ) as unknown as Gateway;
}

function starter(workers: GatewayWorkers): StartWorker {
  if ("path" in workers) return socketWorkers(workers.path);
  if ("command" in workers) {
    if (workers.command.length === 0) throw invalid("workers.command is empty");
    return childProcesses(workers);
  }
  if (workers.threads === true) return threads(workers);
  const command = [process.execPath, ...process.execArgv, fileURLToPath(workers.module)];
  return childProcesses({ command, env: workers.env });
}

function positive(name: string, value: number): number {
  if (value === Infinity || (Number.isSafeInteger(value) && value > 0)) return value;
  throw invalid(`${name} is ${String(value)}, and no positive integer`);
}

function invalid(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail });
}

function statsOf(pool: WorkerPool): GatewayStats {
  const workers = pool.slots.flatMap(({ living }) =>
    [...living].map(({ name: { id, pid }, state, connection }) => ({
      id,
      pid,
      state,
      active: connection?.active ?? 0,
      requests: connection?.requests ?? 0,
      memoryBytes: connection?.memoryBytes ?? 0,
    })),
  );
  const restarts = pool.slots.reduce((sum, slot) => sum + slot.restarts, 0);
  return { workers, waiting: pool.waiting, restarts };
}
