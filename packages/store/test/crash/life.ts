import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { KilledTask } from "./killed-process.ts";
import { seededRandom } from "./random.ts";

/** A store that processes write to, one after the other, each until it is killed. */
export interface LivingStore {
  readonly name: string;
  readonly url: string;
  /** In hexadecimal digits, where the store is sealed. */
  readonly key?: string | undefined;
  /** Looks at what is left when a process is gone, where the store's own reading does not. */
  readonly inspect: () => void | Promise<void>;
}

/** When a process is killed. */
type Moment =
  /** So long after it says something for the first time, which it does before it opens anything. */
  | { readonly type: "begins"; readonly milliseconds: number }
  /** So long after the first store is open. */
  | { readonly type: "open"; readonly milliseconds: number }
  /** At so many events. */
  | { readonly type: "event"; readonly count: number }
  /** So long after it began to close the first store. */
  | { readonly type: "closing"; readonly bursts: number; readonly milliseconds: number };

/**
 * Has processes write to stores until so many were killed. All that can be chosen is chosen by the seed, so that what
 * failed can be tried again; what the machine does at that moment cannot.
 *
 * @throws Error that names seed, round and moment when a store is not what it has to be.
 */
export async function live(
  program: string,
  stores: readonly LivingStore[],
  seed: number,
  kills: number,
): Promise<void> {
  const random = seededRandom(seed);
  const flushed = new Map<string, number>();
  for (let round = 0, killed = 0; killed < kills; round++) {
    // The first one is to be killed while it makes the store.
    const moment = chooseMoment(round === 0 ? random() * 0.3 : random(), random, stores.length);
    try {
      const task: KilledTask = {
        seed,
        round,
        bursts: moment.type === "closing" ? moment.bursts : 1_000_000,
        stores: stores.map(({ name, url, key }) => ({ name, url, key, flushed: flushed.get(name) ?? -1 })),
      };
      const signal = await writeUntilKilled(program, task, moment, (name, step) => {
        flushed.set(name, Math.max(step, flushed.get(name) ?? -1));
      });
      if (signal === "SIGKILL") killed++;
      // Not always, because looking at a database that nobody has open mends it.
      if (random() < 0.3) for (const store of stores) await store.inspect();
    } catch (cause) {
      throw new Error(`life ${String(seed)}, round ${String(round)}, killed at ${JSON.stringify(moment)}`, { cause });
    }
  }
}

function chooseMoment(choice: number, random: () => number, storeCount: number): Moment {
  if (choice < 0.3) return { type: "begins", milliseconds: random() * 14 };
  if (choice < 0.55) return { type: "open", milliseconds: random() * 20 };
  if (choice < 0.85) return { type: "event", count: 1 + Math.floor(random() * 10 * storeCount) };
  return { type: "closing", bursts: Math.floor(random() * 6), milliseconds: random() * 5 };
}

async function writeUntilKilled(
  program: string,
  task: KilledTask,
  moment: Moment,
  onDurable: (name: string, step: number) => void,
): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "close");
  let complaint = "";
  child.stderr.on("data", (data: Buffer) => {
    complaint += data.toString();
  });
  const kill = (milliseconds: number): void => {
    if (milliseconds < 1) child.kill("SIGKILL");
    else void delay(milliseconds).then(() => child.kill("SIGKILL"));
  };
  let events = 0;
  const seen = new Set<string>();
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const [name = "", event = "begins", step = ""] = line === "begins" ? [] : line.split(" ");
    // A number that the kill has cut short is a smaller one. A step that was found in the store stays there.
    if (/^(?:verified|flushed|closed)$/.test(event) && /^-?\d+$/.test(step)) onDurable(name, Number(step));
    if (++events === (moment.type === "event" ? moment.count : 0)) kill(0);
    const first = !seen.has(event);
    seen.add(event);
    if (!first) return;
    if (moment.type !== "event" && event === (moment.type === "open" ? "verified" : moment.type)) {
      kill(moment.milliseconds);
    }
  });
  // These are the event's arguments, by Node's documentation.
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  if (signal !== "SIGKILL") assert.equal(code, 0, complaint);
  assert.equal(complaint, "");
  return signal;
}
