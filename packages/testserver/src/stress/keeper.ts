import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { KeeperOrder } from "./keeper-orders.ts";
import { signalGroup } from "./process-group.ts";
import type { StressPlan } from "./protocol/stress-plan.ts";

const entry = new URL(import.meta.url.endsWith(".ts") ? "./keeper-process.ts" : "./keeper-process.js", import.meta.url);

/**
 * The process that puts the machine under stress and takes care of a command. It ends when this object is disposed of,
 * and when this process ends, in whatever way: then it kills the command as well.
 */
export class Keeper implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;
  #guarded: number | undefined;

  constructor() {
    // Nothing of ours that a command is given, such as another time, is for the keeper.
    this.#child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", fileURLToPath(entry)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: {},
    });
    this.#child.stdin.on("error", () => undefined);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#closed = once(this.#child, "close");
    // Whatever ended it, such as want of memory: nothing stays stopped.
    this.#closed.catch(() => undefined).finally(() => signalGroup(this.#guarded, "SIGCONT"));
  }

  /** Puts the machine under stress, until it is relieved, or the plan's time is up. */
  async load(plan: StressPlan): Promise<void> {
    await this.#order({ type: "load", plan });
  }

  /** Pauses a group of processes as planned; kills it, and removes the folder, when this process ends before it. */
  async guard(processGroup: number, folder: string): Promise<void> {
    this.#guarded = processGroup;
    await this.#order({ type: "guard", processGroup, folder });
  }

  /** Ends the stress, and forgets the group. */
  async relieve(): Promise<void> {
    this.#guarded = undefined;
    await this.#order({ type: "relieve" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }

  async #order(order: KeeperOrder): Promise<void> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const { done } = await this.#answers.next();
    if (done === true) throw new Error("the process that makes the stress has ended; perhaps memory ran out");
  }
}
