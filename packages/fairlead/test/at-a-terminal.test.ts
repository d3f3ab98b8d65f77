import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import { openStore } from "@fairlead/store";
import { runCommandLine } from "../src/command-line.ts";
import { Interruption } from "../src/interruption.ts";
import { FakeTerminal } from "./fake-terminal.ts";
import { createWorld, type TestWorld } from "./test-world.ts";

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

  describe("--user asks for the password, and shows nothing of it", () => {
    const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
    const response = md5(`${md5("me:staff:secret")}:n:${md5("GET:/")}`);
    const server = createServer((request, answer) => {
      if (request.headers.authorization?.includes(`response="${response}"`) === true) answer.end("let in");
      else answer.writeHead(401, { "WWW-Authenticate": 'Digest realm="staff", nonce="n"' }).end("who?");
    });
    let url = "";
    before(async () => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      // It listens on a port.
      url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    });
    after(() => server.close());

    for (const [name, typed, exitCode, printed] of [
      ["right", ["secret\n"], 0, "let in\n"],
      ["wrong, then right", ["guess\n", "secret\n"], 0, "let in\n"],
      ["wrong three times", ["a\n", "b\n", "c\n"], 22, "who?\n"],
      ["nothing", ["\n"], 22, "who?\n"],
    ] as const) {
      test(name, async () => {
        const terminal = new FakeTerminal();
        const ended = run(terminal, get("--fail", "--user", "me", url));
        for (const [index, line] of typed.entries()) {
          const question = String.raw`wants to know who you are for "staff" \(digest, not encrypted\)\nPassword for me: `;
          await terminal.answer(new RegExp(`(?:[^]*${question}){${String(index + 1)}}`), line);
        }
        assert.equal(await ended, exitCode);
        assert.equal(terminal.printed, printed);
        for (const line of typed) if (line.length > 3) assert.equal(terminal.shown.includes(line.trim()), false);
      });
    }

    test("a redirect to somebody else asks nobody", async () => {
      const terminal = new FakeTerminal();
      const elsewhere = createServer((_, answer) => answer.writeHead(302, { Location: url }).end());
      elsewhere.listen(0, "127.0.0.1");
      await once(elsewhere, "listening");
      const { port } = elsewhere.address() as AddressInfo;
      assert.equal(await run(terminal, get("--fail", "--user", "me", `http://127.0.0.1:${String(port)}/`)), 22);
      assert.doesNotMatch(terminal.shown, /Password/);
      elsewhere.close();
    });

    test("a password on the command line is an error that does not repeat it, and so is no terminal", async () => {
      const terminal = new FakeTerminal();
      assert.equal(await run(terminal, get("--user", "me:secret", url)), 2);
      assert.match(terminal.shown, /the password is asked for/);
      assert.doesNotMatch(terminal.shown, /secret/);
      const { surroundings } = terminal;
      const piped = Object.assign(new PassThrough(), { isTTY: false });
      assert.equal(await runCommandLine(get("--user", "me", url), { ...surroundings, stdin: piped }), 2);
    });
  });

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
