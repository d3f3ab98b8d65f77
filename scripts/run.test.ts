import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

// run.mjs in a small repository, with an npm that only notes that it was called and links this Node.

const fakeNpm = `
const { appendFileSync, mkdirSync, rmSync, symlinkSync } = require("node:fs");
appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
rmSync("node_modules", { recursive: true, force: true });
console.log("npm talks");
if (process.env.FAKE_NPM_ERROR) {
  console.error("npm error code EFAKE\\nnpm error\\nnpm error " + process.env.FAKE_NPM_ERROR);
  console.error("npm error A complete log of this run can be found in: nowhere");
  process.exit(1);
}
mkdirSync("node_modules/node/bin", { recursive: true });
symlinkSync(process.execPath, "node_modules/node/bin/node");
`;

describe("run.mjs", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "fairlead-run-"));
    for (const folder of ["scripts", "packages/one", "npm"]) mkdirSync(join(root, folder), { recursive: true });
    copyFileSync(join(import.meta.dirname, "run.mjs"), join(root, "scripts/run.mjs"));
    writeFileSync(join(root, "npm/npm-cli.cjs"), fakeNpm);
  });
  after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    for (const each of ["node_modules", "npm-calls", ".install-lock"])
      rmSync(join(root, each), { recursive: true, force: true });
    writeFileSync(join(root, "package.json"), '{ "type": "module", "devDependencies": {} }');
    writeFileSync(join(root, "package-lock.json"), '{ "lockfileVersion": 3 }');
    writeFileSync(join(root, "packages/one/package.json"), '{ "name": "one" }');
    write("say.ts", "const said: string = process.argv.slice(2).join('|'); console.log(said);");
  });

  test("installs what the lock file says, once, and says nothing of it", async () => {
    assert.deepEqual(await run(["say.ts", "a", "b c"]), { stdout: "a|b c\n", stderr: "", code: 0, signal: null });
    assert.deepEqual(await run(["say.ts", "again"]), { stdout: "again\n", stderr: "", code: 0, signal: null });
    assert.equal(npmCalls(), "ci --include=dev --no-progress\n");
  });

  const stale: readonly (readonly [title: string, change: () => void])[] = [
    ["the lock file", () => appendFileSync(join(root, "package-lock.json"), "\n")],
    [
      "a dependency",
      () =>
        writeFileSync(join(root, "packages/one/package.json"), '{ "name": "one", "dependencies": { "a": "1.0.0" } }'),
    ],
    [
      "the approval of install scripts",
      () => writeFileSync(join(root, "package.json"), '{ "devDependencies": {}, "allowScripts": {} }'),
    ],
    ["the installation itself", () => rmSync(join(root, "node_modules/node"), { recursive: true })],
  ];
  for (const [title, change] of stale) {
    test(`installs again after a change of ${title}`, async () => {
      await run(["say.ts"]);
      change();
      await run(["say.ts"]);
      assert.equal(npmCalls().split("\n").length, 3);
    });
  }

  test("does not install again after a change that npm ci does not read", async () => {
    await run(["say.ts"]);
    writeFileSync(join(root, "packages/one/package.json"), '{ "name": "one", "description": "changed" }');
    await run(["say.ts"]);
    assert.equal(npmCalls().split("\n").length, 2);
  });

  test("installs once when two start at once", async () => {
    const both = await Promise.all([run(["say.ts", "1"]), run(["say.ts", "2"])]);
    assert.deepEqual(
      both.map(({ stdout }) => stdout),
      ["1\n", "2\n"],
    );
    assert.equal(npmCalls().split("\n").length, 2);
    assert(!existsSync(join(root, ".install-lock")));
  });

  test("takes over from an installation whose process is gone", async () => {
    const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(gone, "exit");
    writeFileSync(join(root, ".install-lock"), String(gone.pid));
    assert.equal((await run(["say.ts", "after"])).stdout, "after\n");
    assert(!existsSync(join(root, ".install-lock")));
  });

  test("says in one line why npm failed, and leaves no trace of success", async () => {
    const { stdout, stderr, code } = await run(["say.ts"], { FAKE_NPM_ERROR: "no such tarball" });
    assert.equal(stderr, "fairlead: npm ci failed: code EFAKE, no such tarball; run it by hand to see all\n");
    assert.deepEqual({ stdout, code }, { stdout: "", code: 1 });
    assert.equal((await run(["say.ts", "then"])).stdout, "then\n");
  });

  test("says in one line that lock file and manifests differ", async () => {
    const { stderr } = await run(["say.ts"], { FAKE_NPM_ERROR: "Missing: a@1.0.0 from lock file" });
    assert.match(
      stderr,
      /^fairlead: .*package-lock\.json does not match package\.json \(Missing: a@1\.0\.0 .*run npm install\n$/,
    );
  });

  test("ends as its program ends", async () => {
    write("seven.ts", "process.exitCode = 7;");
    assert.equal((await run(["seven.ts"])).code, 7);
    write("killed.ts", 'process.kill(process.pid, "SIGKILL");');
    assert.equal((await run(["killed.ts"])).signal, "SIGKILL");
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`hands ${signal} on, and waits for the program to tidy up`, async () => {
      write(
        "tidy.ts",
        `process.on("${signal}", () => { console.log("tidied"); clearInterval(alive); process.exitCode = 3; });
         const alive = setInterval(() => {}, 1000); console.log("ready");`,
      );
      const { stdout, code } = await run(["tidy.ts"], {}, (child) => child.kill(signal));
      assert.deepEqual({ stdout, code }, { stdout: "ready\ntidied\n", code: 3 });
    });
  }

  test("dies of the signal that its program dies of", async () => {
    write("wait.ts", 'setInterval(() => {}, 1000); console.log("ready");');
    assert.equal((await run(["wait.ts"], {}, (child) => child.kill("SIGTERM"))).signal, "SIGTERM");
  });

  function write(name: string, text: string): void {
    writeFileSync(join(root, name), text);
  }

  function npmCalls(): string {
    return readFileSync(join(root, "npm-calls"), "utf8");
  }

  async function run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    whenReady?: (child: { kill(signal: NodeJS.Signals): boolean }) => void,
  ): Promise<Outcome> {
    const npm = { npm_execpath: join(root, "npm/npm-cli.cjs"), npm_node_execpath: process.execPath };
    const child = spawn(process.execPath, [join(root, "scripts/run.mjs"), ...args], {
      cwd: root,
      env: { ...process.env, ...npm, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const outcome = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      outcome.stdout += text;
      if (outcome.stdout === "ready\n") whenReady?.(child);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      outcome.stderr += text;
    });
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { ...outcome, code, signal };
  }
});

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
