import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "@fairlead/store";
import { doStep, openThings, verifyThings } from "./history.ts";
import { seededRandom } from "./random.ts";
import { installTraps } from "./traps.ts";

/**
 * Writes to several stores at once until it is killed. It is told, as JSON, what to do ({@link KilledTask}), and prints a
 * line for each event: `begins`; then for each store `NAME verified STEP`, `NAME flushed STEP`, `NAME closing STEP`,
 * `NAME closed STEP`.
 */
export interface KilledTask {
  /** What the stores' history is a function of. */
  readonly seed: number;
  /** What this process does in between is a function of. */
  readonly round: number;
  /** After how many bursts of steps it closes its stores. */
  readonly bursts: number;
  readonly stores: readonly KilledStore[];
}

export interface KilledStore {
  readonly name: string;
  readonly url: string;
  /** In hexadecimal digits, where the store is sealed. */
  readonly key?: string | undefined;
  /** Number of the last step that is known to be durable. */
  readonly flushed: number;
}

installTraps();
// The parent wrote it by this type.
const task = JSON.parse(process.argv[2] ?? "") as KilledTask;
say("begins");
await Promise.all(task.stores.map(write));

async function write({ name, url, key, flushed }: KilledStore, index: number): Promise<void> {
  const random = seededRandom((task.seed * 31 + task.round) * 31 + index);
  const store = await openStore(url, {
    key: key === undefined ? undefined : Buffer.from(key, "hex"),
    onWarning: ({ type, message, cause }) => {
      if (type !== "migrated") fail(`${name} warned: ${type}, ${message}, ${String(cause)}`);
    },
  });
  const things = openThings(store);
  let step = verifyThings(things, task.seed);
  if (step < flushed) fail(`${name} is at step ${String(step)} and had flushed ${String(flushed)}`);
  say(`${name} verified ${String(step)}`);
  for (let burst = 0; burst < task.bursts; burst++) {
    for (let steps = 1 + Math.floor(random() * 6); steps > 0; steps--) doStep(things, task.seed, ++step);
    const durable = step;
    if (random() < 0.7) {
      await store.flush();
      say(`${name} flushed ${String(durable)}`);
    } else {
      // Some of these are longer than changes gather.
      await delay(random() < 0.1 ? 110 : random() * 2);
    }
  }
  say(`${name} closing ${String(step)}`);
  await store.close();
  say(`${name} closed ${String(step)}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`, () => {
    process.exit(71);
  });
}
