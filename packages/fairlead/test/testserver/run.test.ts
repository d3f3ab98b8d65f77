import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { createUser, type TestUser } from "../child.ts";

const flaky = join(import.meta.dirname, "..", "fixtures", "flaky-command.mjs");
const stressed = ["--stress", "scheduling,cpu"];

describe("fairlead testserver run", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  const run = (args: readonly string[], command: readonly string[]): ReturnType<TestUser["run"]> =>
    user.run(["testserver", "run", ...args, "--", ...command]);

  test("passes a test that fails only at times, 20 times of 20, when there is no stress", async () => {
    const { stdout, stderr, exitCode } = await run(["--times", "20", "--keep-network"], [process.execPath, flaky]);
    assert.deepEqual([exitCode, stderr], [0, ""], stdout);
    assert.match(stdout, /^(?:run \d+ +seed \d+ +[\d.]+ m?s +exit 0\n){20}$/);
    assert.deepEqual(await user.files(), []);
  });

  test("finds it out under stress, and shows what fails again with its seed", async () => {
    const found = await run([...stressed, "--seed", "1", "--until-failure"], [process.execPath, flaky]);
    assert.deepEqual([found.exitCode, found.stderr], [1, ""]);
    const [, passed = "", failed = ""] = /^((?:run .+ exit 0\n)+)(run .+ exit 1\n)/m.exec(found.stdout) ?? [];
    assert.notEqual(passed, "", "the first seed lets it pass");
    assert.match(found.stdout, /--- what run \d+ printed ---\n[^]*undefined !== 'en'[^]*---\n/);

    const [, again = ""] = /^Again, with the same stress:\n {2}fairlead (.+)$/m.exec(found.stdout) ?? [];
    const [, seed = ""] = / seed (\d+) /.exec(failed) ?? [];
    assert.equal(again, `testserver run --stress scheduling,cpu --seed ${seed} -- ${process.execPath} ${flaky}`);
    const replayed = await user.run(again.split(" "));
    assert.equal(replayed.exitCode, 1);
    assert.match(replayed.stdout, new RegExp(`^run 1 +seed ${seed} .+ exit 1$`, "m"));
    assert.match(replayed.stdout, /undefined !== 'en'/);
  });

  test("says which bounds it keeps, ends what takes too long, and says so by its exit code", async () => {
    const command = [process.execPath, "-e", "setInterval(() => {}, 1000)"];
    const { stdout, exitCode } = await run(["--stress", "fd", "--seed", "1", "--timeout", "1"], command);
    assert.equal(exitCode, 7);
    assert.match(stdout, /^fd limits the command to few open files/);
    assert.match(stdout, /^run 1 +seed 1 .+ took too long\n {2}fd: \d+ open files and sockets at most$/m);
    assert.match(stdout, /--seed 1 --timeout 1 -- \S+ -e 'setInterval\(\(\) => \{\}, 1000\)'$/m);
  });

  test("lets the command print as it goes with --verbose", async () => {
    const { stdout, exitCode } = await run(["--verbose"], [process.execPath, "-e", "console.log('hello')"]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^hello\nrun 1 +seed \d+ .+ exit 0\n$/);
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    test(`passes ${signal} on to the command, leaves nothing, and says by ${code} what ended it`, async () => {
      const script = `
        process.on("${signal}", () => { console.log("told"); process.exit(); });
        console.log("up");
        setInterval(() => {}, 1000);
      `;
      const command = [process.execPath, "-e", script];
      const child = user.start(["testserver", "run", "--verbose", "--until-failure", "--", ...command]);
      const ended = once(child, "exit");
      const lines: string[] = [];
      for await (const line of createInterface(child.stdout)) {
        lines.push(line);
        if (line === "up") child.kill(signal);
      }
      assert.deepEqual(
        [await ended, lines],
        [
          [code, null],
          ["up", "told"],
        ],
      );
      assert.deepEqual(await user.files(), []);
    });
  }

  for (const [args, line] of [
    [
      ["--stress", "cpu,memroy", "--", "true"],
      /memory, fd, clock-skew, scheduling, not "memroy"; did you mean memory\?/,
    ],
    [["--seed", "-1", "--", "true"], /--seed needs a value/],
    [["--seed=4294967296", "--", "true"], /--seed takes a whole number from 0 to 4294967295, not "4294967296"/],
    [["--times", "0", "--", "true"], /--times takes a whole number from 1 to 1000000, not "0"/],
    [["--times", "2", "--until-failure", "--", "true"], /--times and --until-failure exclude each other/],
    [["--stress", "cpu"], /COMMAND is missing; it goes behind two dashes: -- COMMAND/],
    [["--", "no-such-program"], /run no-such-program: there is no such program; give its path/],
  ] as const) {
    test(`refuses ${args.join(" ")} before anything is started`, async () => {
      const { stdout, stderr, exitCode } = await user.run(["testserver", "run", ...args]);
      assert.deepEqual([exitCode, stdout], [2, ""]);
      assert.match(stderr, line);
      assert.equal(stderr.split("\n").length, 2);
    });
  }
});

describe("fairlead testserver --stress", () => {
  test("says by which seed and for how long, and what it does", async () => {
    await using user = await createUser();
    const child = user.start(["testserver", "--stress", "cpu,clock-skew", "--seed", "5", "--stress-for", "60"]);
    const lines: string[] = [];
    for await (const line of createInterface(child.stderr)) if (lines.push(line) === 3) break;
    const [heading, ...planned] = lines;
    assert.equal(heading, "stress by seed 5, for 60 s:");
    assert.match(
      planned.join("|"),
      /^ {2}cpu: \d threads? in bursts\| {2}clock-skew: -?\d+ s off, at [\d.]+ times the speed$/,
    );
    child.stdout.resume();
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.deepEqual(await user.files(), []);
  });

  for (const [args, line] of [
    [["--stress", "fd"], /testserver run --stress fd -- COMMAND/],
    [["--seed", "1"], /--seed goes with --stress only/],
    [["--stress", "cpu", "--stress-for", "0"], /--stress-for takes a whole number from 1 to 86400, not "0"/],
  ] as const) {
    test(`refuses ${args.join(" ")}`, async () => {
      await using user = await createUser();
      const { stdout, stderr, exitCode } = await user.run(["testserver", ...args]);
      assert.deepEqual([exitCode, stdout], [2, ""]);
      assert.match(stderr, line);
    });
  }
});
