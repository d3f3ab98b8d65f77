import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import { openStore } from "@fairlead/store";
import { runCommandLine } from "../src/command-line.ts";
import type { Surroundings } from "../src/command.ts";
import { Interruption } from "../src/interruption.ts";
import { createWorld, type TestWorld } from "./test-world.ts";

/** A terminal with somebody in front of it. */
class FakeTerminal {
  readonly ending = new AbortController();
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true });
  readonly stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  readonly stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  #shown = "";

  constructor() {
    this.stderr.on("data", (chunk: Buffer) => (this.#shown += chunk.toString()));
  }

  get surroundings(): Surroundings {
    const { stdin, stdout, stderr, ending } = this;
    return { stdin, stdout, stderr, env: {}, signal: ending.signal, self: [process.execPath] };
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

describe("at a terminal", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  async function run(terminal: FakeTerminal, args: readonly string[]): Promise<number> {
    return runCommandLine(args, terminal.surroundings);
  }

  const get = (...args: string[]): string[] => ["get", "--store", "memory:", ...world.trust, ...args];

  test("a binary body is refused with a hint, and printed with --output -", async () => {
    const terminal = new FakeTerminal();
    assert.equal(await run(terminal, get(world.url("https", "/bytes/10"))), 9);
    assert.match(terminal.shown, /^fairlead: cannot write the body to the terminal: .+'--output -'.+\n$/);
    assert.equal(terminal.printed, "");

    const willing = new FakeTerminal();
    assert.equal(await run(willing, get("-o", "-", world.url("https", "/bytes/10"))), 0);
    assert.equal(willing.printed.length, 10);
  });

  test("a text is printed, and ends its last line", async () => {
    const terminal = new FakeTerminal();
    assert.equal(await run(terminal, get(world.url("https", "/json"))), 0);
    assert.match(terminal.printed, /^\{.+\}\n$/);
  });

  test("--output shows progress, and takes it away", async () => {
    const terminal = new FakeTerminal();
    const file = world.user.path("progress.bin");
    assert.equal(await run(terminal, get("-o", file, world.url("https", "/bytes/100000"))), 0);
    assert.match(terminal.shown, /^\r\x1b\[K\[[#-]{24}\] +\d+% {2}.+ of 98 KiB/);
    assert.ok(terminal.shown.endsWith("\r\x1b[K"));
    assert.equal((await readFile(file)).length, 100_000);
  });

  for (const [typed, exitCode] of [
    ["y\n", 0],
    ["YES\n", 0],
    ["n\n", 6],
    ["\n", 6],
    ["yesterday\n", 6],
  ] as const) {
    test(`--redirect ask, answered ${JSON.stringify(typed)}, ends with ${exitCode}`, async () => {
      const terminal = new FakeTerminal();
      const ended = run(terminal, get("--redirect", "ask", world.url("https", "/redirect/302/http")));
      await terminal.answer(/Follow it with GET http:\/\/localhost:\d+\/echo \(not encrypted\)\? \[y\/N\] /, typed);
      assert.equal(await ended, exitCode);
      if (exitCode === 6) assert.match(terminal.shown, /\[REDIRECT_REFUSED\]\n$/);
    });
  }

  test("a question that is interrupted ends the command", async () => {
    const terminal = new FakeTerminal();
    const ended = run(terminal, get("--redirect", "ask", world.url("https", "/redirect/302/http")));
    while (!terminal.shown.includes("[y/N]")) await once(terminal.stderr, "data");
    terminal.ending.abort(new Interruption("interrupt"));
    assert.equal(await ended, 130);
    assert.doesNotMatch(terminal.shown, /fairlead:/);
  });

  test("a question that meets the end of input is answered with no", async () => {
    const terminal = new FakeTerminal();
    const ended = run(terminal, get("--redirect", "ask", world.url("https", "/redirect/302/http")));
    while (!terminal.shown.includes("[y/N]")) await once(terminal.stderr, "data");
    terminal.stdin.end();
    assert.equal(await ended, 6);
  });

  for (const [typed, left] of [
    ["n\n", 1],
    ["y\n", 0],
  ] as const) {
    test(`store clear, answered ${JSON.stringify(typed)}, leaves ${left}`, async () => {
      const url = `file:${world.user.path("asked.json")}`;
      {
        await using filled = await openStore(url);
        filled.collection("things", { maxEntries: 10, secret: false }).set("one", new Uint8Array(1));
      }
      const terminal = new FakeTerminal();
      const ended = run(terminal, ["store", "clear", "--store", url]);
      await terminal.answer(/Forget all 1 record in the store\? \[y\/N\] /, typed);
      assert.equal(await ended, 0);
      await using store = await openStore(url);
      assert.equal(store.collection("things", { maxEntries: 10, secret: false }).size, left);
    });
  }
});
