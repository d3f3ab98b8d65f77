import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isPassed, repeatUnderStress, type RepetitionOptions, type StressRun } from "@fairlead/testserver/stress";

const few = { services: ["http", "https", "control"] } as const;

describe("a command that is repeated", () => {
  test("finds a new network each time, by its environment, over https too", async () => {
    const script = `
      const { readFileSync } = require("node:fs");
      const manifest = JSON.parse(readFileSync(process.env.FAIRLEAD_TESTSERVER, "utf8"));
      const { origin } = manifest.services.find(({ name }) => name === "https");
      require("node:https").get(origin + "/json", { agent: false }, (response) => {
        response.resume();
        console.log([response.statusCode, manifest.startedAt, process.env.FAIRLEAD_CA, process.env.FAIRLEAD_SEED].join(" "));
      });
    `;
    const runs = await collect(script, { kinds: [], times: 2 });
    assert.deepEqual(
      runs.map(({ number, ending }) => [number, ending]),
      [
        [1, { type: "exited", code: 0 }],
        [2, { type: "exited", code: 0 }],
      ],
    );
    const [[status, startedAt, ca, seed] = [], [, startedAgain] = []] = runs.map(({ output }) => output.split(" "));
    assert.deepEqual([status, seed], ["200", "1\n"]);
    assert.notEqual(startedAgain, startedAt);
    assert.ok(ca !== undefined && !existsSync(ca), "what was written is gone");
    assert.notEqual(runs[0]?.seed, runs[1]?.seed);
  });

  test("has one network for all runs where that is asked for", async () => {
    const script = `console.log(JSON.parse(require("node:fs").readFileSync(process.env.FAIRLEAD_TESTSERVER)).startedAt)`;
    const [first, second] = await collect(script, { kinds: [], times: 2, keepNetwork: true });
    assert.equal(first?.output, second?.output);
  });

  test("is told of with its output on both streams, whose end is kept, and its exit code", async () => {
    const script = `
      const { writeSync } = require("node:fs");
      writeSync(2, "first\\n"); writeSync(1, "x".repeat(3 * 2 ** 20) + "last\\n"); process.exit(3);
    `;
    const [run] = await collect(script, { kinds: [] });
    assert.ok(run !== undefined && !isPassed(run));
    assert.deepEqual(run.ending, { type: "exited", code: 3 });
    assert.match(run.output, /^\(2097163 bytes before this are left out\)\nx+last\n$/);
  });

  test("that takes too long is ended, with all that it has started, whatever signals they heed", async () => {
    const script = `
      process.on("SIGTERM", () => {});
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)"], { stdio: "inherit" });
      setInterval(() => {}, 1000);
    `;
    // A busy machine may end it before it has started what is to go with it.
    let output = "";
    for (let timeoutMilliseconds = 1500; output === ""; timeoutMilliseconds *= 3) {
      const [run] = await collect(script, { kinds: [], timeoutMilliseconds });
      assert.deepEqual(run?.ending, { type: "timed-out" });
      ({ output } = run);
    }
    await isGone(Number(output));
  });

  test("takes along at its end what it has left running", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn("sleep", ["1000"], { stdio: "inherit" });
      console.log(child.pid); child.unref();
    `;
    const [run] = await collect(script, { kinds: [] });
    assert.ok(run !== undefined && isPassed(run));
    await isGone(Number(run.output));
  });

  test("is ended by an abort, with the signal that was asked for, and not run again", async () => {
    const ending = new AbortController();
    await using started = await listenForStart(() => {
      ending.abort();
    });
    const script = `
      process.on("SIGINT", () => process.exit(5));
      const socket = require("node:net").connect(${started.port}, "127.0.0.1", () => socket.write("started\\n"));
    `;
    const runs = await collect(script, {
      ...{ kinds: [], times: 5, signal: ending.signal },
      endBy: () => "SIGINT",
    });
    assert.deepEqual(
      runs.map((run) => run.ending),
      [{ type: "exited", code: 5 }],
    );
  });

  test("whose program is not there, or may not be run, is refused before anything is started", async () => {
    for (const program of ["no-such-program", "/tmp", "./package.json", import.meta.filename]) {
      const runs = repeatUnderStress(program, [], { kinds: ["scheduling"], seed: 1, times: 1 });
      await assert.rejects(runs.next(), { code: "PROGRAM_MISSING" }, program);
    }
  });
});

describe("a command under stress", () => {
  test("of descriptors meets EMFILE", async () => {
    const script = `
      const { openSync } = require("node:fs");
      try { for (let opened = 0; opened < 5000; opened += 1) openSync("/dev/null"); } catch ({ code }) { console.log(code); }
    `;
    const [run] = await collect(script, { kinds: ["fd"] });
    assert.equal(run?.output, "EMFILE\n");
  });

  test("of its clock sees another time", async () => {
    const before = Date.now();
    const [run] = await collect("console.log(Date.now())", { kinds: ["clock-skew"] });
    const after = Date.now();
    const { offsetSeconds = 0 } = run?.plan["clock-skew"] ?? {};
    const seen = Number(run?.output) - offsetSeconds * 1000;
    // It runs up to a tenth too fast or too slow, from the command's start on.
    const tolerance = (after - before) / 10 + 1;
    assert.ok(seen >= before - tolerance && seen <= after + tolerance, `${seen - before}`);
  });

  test("of scheduling is stopped for moments, is nice, and has its timers late", async () => {
    let state = "";
    await using started = await listenForStart(async ([pid = ""], letGo) => {
      while (state !== "T") {
        await nextTurn();
        state = stateOf(Number(pid));
      }
      letGo();
    });
    const script = `
      const socket = require("node:net").connect(${started.port}, "127.0.0.1", () => socket.write(process.pid + "\\n"));
      socket.resume().on("end", () => {
        console.log(require("node:os").getPriority(), setTimeout.name, require("node:util").promisify(setTimeout)(1).constructor.name);
        socket.end();
      });
    `;
    const [run] = await collect(script, { kinds: ["scheduling"] });
    assert.equal(state, "T");
    assert.equal(run?.output, `${run?.plan.scheduling?.niceness} setTimeout Promise\n`);
  });

  test("of memory and processors ends as any other", async () => {
    const [run] = await collect("console.log('done')", { kinds: ["cpu", "memory"] });
    assert.equal(run?.output, "done\n");
  });
});

describe("nothing is left of a repetition", () => {
  test("whose process is killed without farewell: not the command, stopped or not, nor what burns, nor a file", async () => {
    const found = Promise.withResolvers<readonly string[]>();
    await using started = await listenForStart(found.resolve);
    const script = `
      const socket = require("node:net").connect(${started.port}, "127.0.0.1", () => {
        socket.write([process.pid, process.env.FAIRLEAD_TESTSERVER].join(" ") + "\\n");
      });
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(
      process.execPath,
      [
        ...["--conditions=source", "--input-type=module", "--eval"],
        `import { repeatUnderStress } from "@fairlead/testserver/stress";
         const options = { kinds: ["cpu", "scheduling"], seed: 1, times: 1, network: { services: ["http"] } };
         for await (const run of repeatUnderStress(process.execPath, ["-e", ${JSON.stringify(script)}], options));`,
      ],
      { cwd: import.meta.dirname, stdio: ["ignore", "inherit", "inherit"] },
    );
    const [pid = "", manifest = ""] = await found.promise;
    const children = childrenOf(parent.pid ?? 0);
    assert.equal(children.length, 2, "the keeper and the command");
    assert.ok(children.includes(Number(pid)) && existsSync(manifest));
    parent.kill("SIGKILL");
    await once(parent, "close");
    for (const child of children) await isGone(child);
    assert.ok(!existsSync(dirname(manifest)));
  });
});

/** Runs a script of Node.js over and over, by few services. */
async function collect(
  script: string,
  options: Partial<RepetitionOptions> & Pick<RepetitionOptions, "kinds">,
): Promise<readonly StressRun[]> {
  const runs: StressRun[] = [];
  const all = { seed: 1, times: 1, network: few, environment: { PATH: process.env["PATH"] }, ...options };
  for await (const run of repeatUnderStress(process.execPath, ["-e", script], all)) runs.push(run);
  return runs;
}

interface StartListener extends AsyncDisposable {
  readonly port: number;
}

/** Waits for a command to connect and to say something of itself in a line; it is let go by the end of its connection. */
async function listenForStart(
  onStart: (words: readonly string[], letGo: () => void) => void | Promise<void>,
): Promise<StartListener> {
  const server = createServer((socket) => {
    // A command that is killed resets it.
    socket.on("error", () => undefined);
    createInterface({ input: socket })
      .on("error", () => undefined)
      .once("line", (line) => {
        void onStart(line.split(" "), () => socket.end());
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on host and port.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/** Resolves when a process is there no more, or is only left for its parent to look at. */
async function isGone(pid: number): Promise<void> {
  assert.ok(pid > 1);
  while (!["", "Z", "X"].includes(stateOf(pid))) await nextTurn();
}

/** The letter that Linux has for it; empty where there is no such process. */
function stateOf(pid: number): string {
  try {
    return /^State:\s*(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}
