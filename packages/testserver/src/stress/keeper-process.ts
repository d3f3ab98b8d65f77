/**
 * A process of its own that burns, holds and pauses, and that ends with the one that started it, however that ends: it
 * has the other end of its standard input. It answers each order with a line.
 */
import { rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import type { KeeperOrder } from "./keeper-orders.ts";
import { signalGroup } from "./process-group.ts";
import type { Phase, StressPlan } from "./protocol/stress-plan.ts";

const pieceBytes = 16 * 2 ** 20;

if (isMainThread) keep();
// A thread is started below, with the bursts of a plan.
else burn(workerData as readonly Phase[]);

function keep(): void {
  // What ends who started it, a key at a terminal for one, must not end this before it has tidied up.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  process.stdout.on("error", () => undefined);
  volunteer();
  let load: Load | undefined;
  let guarded: Extract<KeeperOrder, { type: "guard" }> | undefined;
  const relieve = (): void => {
    load?.end();
    load = undefined;
    guarded = undefined;
  };
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    // Written by Keeper, of the same package.
    const order = JSON.parse(line) as KeeperOrder;
    if (order.type === "load") load = new Load(order.plan);
    else if (order.type === "guard") {
      guarded = order;
      load?.pause(order.processGroup);
    } else relieve();
    process.stdout.write("done\n");
  });
  lines.on("close", () => {
    const orphan = guarded;
    relieve();
    if (orphan !== undefined) {
      signalGroup(orphan.processGroup, "SIGKILL");
      rmSync(orphan.folder, { recursive: true, force: true });
    }
    process.exit();
  });
}

/** When memory runs out, this is the process to end, and none that people need. */
function volunteer(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Only Linux asks.
  }
}

/** What is done to the machine for one plan. */
class Load {
  readonly #plan: StressPlan;
  readonly #threads: readonly Worker[];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #held: Uint8Array<ArrayBuffer>[] = [];
  #paused: number | undefined;

  constructor(plan: StressPlan) {
    this.#plan = plan;
    const self = new URL(import.meta.url);
    this.#threads = (plan.cpu ?? []).map((bursts) => new Worker(self, { workerData: bursts }));
    if (plan.memory !== undefined) this.#hold(plan.memory.holdBytes);
    this.#after(plan.durationMilliseconds, () => {
      this.end();
    });
  }

  /** Stops a group of processes and has it go on, as planned. */
  pause(processGroup: number): void {
    this.#paused = processGroup;
    const pauses = this.#plan.scheduling?.pauses ?? [];
    const next = (index: number): void => {
      const pause = pauses[index % pauses.length];
      if (pause === undefined) return;
      this.#after(pause.restMilliseconds, () => {
        signalGroup(processGroup, "SIGSTOP");
        this.#after(pause.forMilliseconds, () => {
          signalGroup(processGroup, "SIGCONT");
          next(index + 1);
        });
      });
    };
    next(0);
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const thread of this.#threads) void thread.terminate();
    // Moved to nowhere, memory is given back at once and not when it is collected.
    for (const { buffer } of this.#held) buffer.transfer(0);
    this.#held.length = 0;
    if (this.#paused !== undefined) signalGroup(this.#paused, "SIGCONT");
  }

  /** Fills piece by piece, so that orders are heard meanwhile, then touches one piece after another for ever. */
  #hold(sizeBytes: number): void {
    const pieces = Math.floor(sizeBytes / pieceBytes);
    const next = (index: number): void => {
      if (pieces === 0) return;
      const isFull = this.#held.length === pieces;
      if (isFull) this.#held[index % pieces]?.fill(index);
      else this.#held.push(new Uint8Array(pieceBytes).fill(1));
      this.#after(isFull ? 50 : 1, () => {
        next(index + 1);
      });
    };
    next(0);
  }

  #after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

/** Never returns: the thread is terminated. */
function burn(bursts: readonly Phase[]): never {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    for (const { forMilliseconds, restMilliseconds } of bursts) {
      const end = performance.now() + forMilliseconds;
      while (performance.now() < end);
      Atomics.wait(sleeper, 0, 0, restMilliseconds);
    }
  }
}
