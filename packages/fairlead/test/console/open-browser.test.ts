import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { runCommandLine } from "../../src/command-line.ts";
import { hasBrowser } from "../../src/console/open-browser.ts";
import { createUser, type TestUser } from "../child.ts";

const opener = process.platform === "darwin" ? "open" : "xdg-open";
const address = /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/;

describe("the browser that a console opens", { skip: process.platform === "win32", timeout: 60_000 }, () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
    await mkdir(user.path("bin"));
  });
  after(() => user[Symbol.asyncDispose]());

  /** Puts what opens pages into the user's path: a script of the shell, or nothing. */
  async function install(script: string | undefined): Promise<void> {
    const path = user.path(`bin/${opener}`);
    await writeFile(path, `#!/bin/sh\n${script ?? ""}\n`);
    await chmod(path, script === undefined ? 0o600 : 0o700);
  }

  /** Runs the command as somebody who sits before a terminal with a display, until `isSeen`; tells what it printed. */
  async function run(isSeen: (stderr: PassThrough) => Promise<void>): Promise<readonly [string, string, number]> {
    const getuid = process.getuid;
    // Whoever runs the tests: a browser is not opened for root.
    Object.assign(process, { getuid: () => 1_000 });
    try {
      const ending = new AbortController();
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      const running = runCommandLine(["console", "--store", "memory:"], {
        ...{ stdin, stderr, signal: ending.signal, self: [process.execPath] },
        stdout: Object.assign(stdout, { isTTY: true }),
        env: { HOME: user.home, PATH: user.path("bin"), DISPLAY: ":0" },
      });
      const printed = [text(stdout), text(stderr.pipe(new PassThrough()))] as const;
      let exitCode: number;
      try {
        await isSeen(stderr);
      } finally {
        ending.abort();
        exitCode = await running;
        stdout.end();
        stderr.end();
      }
      return [await printed[0], await printed[1], exitCode];
    } finally {
      Object.assign(process, { getuid });
    }
  }

  test("is given a file for its owner alone, in which the whole address is, and which is gone in the end", async () => {
    await using server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    // It listens on a port.
    const { port } = server.address() as AddressInfo;
    const tell = user.path("tell.mjs");
    await writeFile(
      tell,
      `import { connect } from "node:net";
       connect(${String(port)}, "127.0.0.1").end(JSON.stringify(process.argv.slice(2)));`,
    );
    await install(`exec '${process.execPath}' '${tell}' "$@"`);
    let file = "";
    let led = "";
    const [stdout, stderr, exitCode] = await run(async () => {
      const [socket] = (await once(server, "connection")) as [NodeJS.ReadableStream];
      const args = JSON.parse(await text(socket)) as readonly string[];
      assert.equal(args.length, 1);
      [file = ""] = args;
      led = /url=([^"]*)"/.exec(await readFile(file, "utf8"))?.[1] ?? "";
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal((await stat(dirname(file))).mode & 0o777, 0o700);
    });
    assert.match(led, address);
    assert.ok(stdout.includes(`The console is at ${led}\n`), stdout);
    // What everybody can read of a program has no part of the secret in it.
    assert.equal(file.includes(new URL(led).pathname.slice(1, -1)), false);
    assert.deepEqual([stderr, exitCode], ["", 0]);
    await assert.rejects(stat(dirname(file)), { code: "ENOENT" });
  });

  for (const [what, script, why] of [
    ["that is not there", undefined, /spawn .*E(?:NOENT|ACCES)/],
    ["that finds none to start", "exit 3", /found none that can be started/],
  ] as const) {
    test(`is missed by the address that was printed, and by a word about what opens it ${what}`, {
      skip: script !== undefined && process.platform === "darwin",
    }, async () => {
      await install(script);
      const [stdout, stderr, exitCode] = await run(async (told) => {
        await once(told, "data");
      });
      assert.match(/at (\S+)\n/.exec(stdout)?.[1] ?? "", address);
      assert.match(stderr, why);
      assert.equal(exitCode, 0);
    });
  }

  test("is looked for at a terminal with a display, and for nobody who is far away, no person, or root", () => {
    const [terminal, pipe] = [Object.assign(new PassThrough(), { isTTY: true }), new PassThrough()];
    const at = (
      env: Readonly<Record<string, string>>,
      stdout = terminal,
      platform: NodeJS.Platform = "linux",
      id = 1,
    ) => hasBrowser({ stdout, env }, platform, id);
    const env = { DISPLAY: ":0" };
    assert.equal(at(env), true);
    assert.equal(at({ WAYLAND_DISPLAY: "wayland-0" }), true);
    assert.equal(at({}, terminal, "darwin"), true);
    assert.equal(at({}, terminal, "win32"), true);
    assert.equal(at({}), false);
    assert.equal(at(env, pipe as typeof terminal), false);
    assert.equal(at({ ...env, CI: "true" }), false);
    assert.equal(at({ ...env, SSH_CONNECTION: "192.0.2.1 5 192.0.2.2 22" }), false);
    assert.equal(at(env, terminal, "linux", 0), false);
  });
});
