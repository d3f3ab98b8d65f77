import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Surroundings } from "../src/command.ts";

/** A terminal with somebody in front of it. */
export class FakeTerminal {
  readonly ending = new AbortController();
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true });
  readonly stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  readonly stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  readonly #env: Readonly<Record<string, string>>;
  #shown = "";

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
    this.stderr.on("data", (chunk: Buffer) => (this.#shown += chunk.toString()));
  }

  get surroundings(): Surroundings {
    const { stdin, stdout, stderr, ending } = this;
    return { stdin, stdout, stderr, env: this.#env, signal: ending.signal, self: [process.execPath] };
  }

  /** What stands on standard error. */
  get shown(): string {
    return this.#shown;
  }

  /** What stands on standard output. */
  get printed(): string {
    return String(this.stdout.read() ?? "");
  }

  /** Waits for a question, and types an answer. */
  async answer(question: RegExp, typed: string): Promise<void> {
    while (!question.test(this.#shown)) await once(this.stderr, "data");
    this.stdin.write(typed);
  }
}
