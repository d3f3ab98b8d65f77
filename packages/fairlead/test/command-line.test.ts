import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { commands } from "../src/command-list.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { createUser, finish, type TestUser } from "./child.ts";

/** Reports every module of a name on standard error as it is loaded; what reads the records of a store is no engine. */
const moduleWatch = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  registerHooks({
    load(url, context, next) {
      const found = /undici|testserver|packages.access.src(?!.(?:memory|exchange|forget|agreement.protocol|names.protocol).)|store.src.index/.exec(url);
      if (found !== null) process.stderr.write("loaded " + found[0] + "\\n");
      return next(url, context);
    },
  });`)}`;

describe("the command line", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  test("prints the version of its package", async () => {
    const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
      readonly version: string;
    };
    for (const flag of ["--version", "-V"]) {
      const { stdout, stderr, exitCode } = await user.run([flag]);
      assert.deepEqual([stdout, stderr, exitCode], [`fairlead ${manifest.version}\n`, "", 0]);
    }
  });

  test("lists its commands on request, and as an error where none is given", async () => {
    const help = await user.run(["--help"]);
    assert.equal(help.exitCode, 0);
    for (const { name, summary } of commands) assert.match(help.stdout, new RegExp(`${name} +${summary}`));
    assert.deepEqual((await user.run(["help"])).stdout, help.stdout);

    const without = await user.run([]);
    assert.deepEqual([without.stdout, without.stderr, without.exitCode], ["", help.stdout, 2]);
  });

  for (const { name, load } of commands) {
    test(`explains '${name}' in at most 80 columns, by help and by --help`, async () => {
      const { usage } = await load();
      assert.match(usage, new RegExp(`^Usage: fairlead ${name}`));
      for (const line of usage.split("\n")) assert.ok(line.length <= 80, line);
      for (const args of [
        ["help", name],
        [name, "--help"],
        [name, "anything", "-h"],
      ]) {
        const { stdout, stderr, exitCode } = await user.run(args);
        assert.deepEqual([stdout, stderr, exitCode], [`${usage}\n`, "", 0]);
      }
    });
  }

  test("explains every exit code, each with a number of its own", async () => {
    const { stdout, exitCode } = await user.run(["help", "exit-codes"]);
    assert.equal(exitCode, 0);
    for (const { code, meaning } of Object.values(exitCodes)) assert.ok(stdout.includes(`${code}  ${meaning}\n`));
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.equal(new Set(Object.values(exitCodes).map(({ code }) => code)).size, Object.keys(exitCodes).length);
  });

  for (const [args, line] of [
    [["gte"], `fairlead: unknown command "gte"; did you mean 'get'? (see 'fairlead help')\n`],
    [["frobnicate"], `fairlead: unknown command "frobnicate" (see 'fairlead help')\n`],
    [["--verison"], `fairlead: unknown option "--verison" (see 'fairlead help')\n`],
    [["https://a.example"], /did you mean 'fairlead get URL'\?/],
    [["\x1b[31mred\u202e"], `fairlead: unknown command "\\u001b[31mred\\u{202e}" (see 'fairlead help')\n`],
    [["help", "exit-code"], /there is no topic "exit-code"; did you mean exit-codes\? \(see 'fairlead help help'\)\n$/],
    [["tour", "now"], /^fairlead: tour: unexpected argument "now"/],
    [["constructor"], /unknown command "constructor"/],
  ] as const) {
    test(`answers ${JSON.stringify(args)} with one line and exit code 2`, async () => {
      const { stdout, stderr, exitCode } = await user.run(args);
      assert.deepEqual([stdout, exitCode], ["", 2]);
      if (typeof line === "string") assert.equal(stderr, line);
      else assert.match(stderr, line);
      assert.equal(stderr.split("\n").length, 2);
    });
  }

  test("loads nothing of the HTTP engine for what needs no request", async () => {
    for (const args of [["--version"], ["help", "get"], ["get", "--nonsense"], ["store", "list"]]) {
      const { stderr } = await user.run(args, { node: ["--import", moduleWatch] });
      assert.doesNotMatch(stderr, /loaded (?!store)/, args.join(" "));
    }
    // The watch itself can see.
    const { stderr } = await user.run(["get", "bad:"], { node: ["--import", moduleWatch] });
    assert.match(stderr, /loaded packages\/access/);
  });

  test("opens the console without arguments under 'npm start' of this repository, and nowhere else", async () => {
    const elsewhere = await user.run([], { env: { npm_lifecycle_event: "start", npm_package_name: "theirs" } });
    assert.equal(elsewhere.exitCode, 2);
    const here = { npm_lifecycle_event: "start", npm_package_name: "fairlead-workspace" };
    assert.equal((await user.run(["--version"], { env: here })).exitCode, 0);
    const child = user.start([], { env: here });
    assert.match(
      String(await once(child.stdout, "data")),
      /^The console, with a test network .* http:\/\/127\.0\.0\.1:/,
    );
    child.kill("SIGINT");
    const { exitCode, stderr } = await finish(child);
    assert.deepEqual([exitCode, stderr], [0, ""]);
  });

  test("leaves no file behind", async () => {
    assert.deepEqual(await user.files(), []);
  });
});
