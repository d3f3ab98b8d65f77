import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";

const packageFolder = dirname(dirname(import.meta.dirname));
const bin = join(packageFolder, "bin", "fairlead.js");

describe("bin/fairlead.js", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fairlead-bin-"));
    mkdirSync(join(folder, "bin"));
    copyFileSync(bin, join(folder, "bin", "fairlead.js"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("runs what was built, with arguments and exit code", () => {
    writeBuilt(folder, "console.log(process.argv.slice(2).join()); process.exitCode = 3;");
    const { stdout, stderr, status } = start(process.execPath, folder, ["get", "a b"]);
    assert.deepEqual({ stdout, stderr, status }, { stdout: "get,a b\n", stderr: "", status: 3 });
  });

  test("keeps Node's notice about node:sqlite to itself, and no other warning", () => {
    writeBuilt(folder, 'import "node:sqlite"; process.emitWarning("mind the gap");');
    const { stderr, status } = start(process.execPath, folder, []);
    assert.match(stderr, /mind the gap/);
    assert.doesNotMatch(stderr, /sqlite/i);
    assert.equal(status, 0);
  });

  test("says in one line that it is not built", () => {
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    const { stdout, stderr, status } = start(process.execPath, folder, []);
    assert.match(stderr, /^fairlead is not built here\. .*npm start -- ARGUMENTS\n$/);
    assert.deepEqual({ stdout, status }, { stdout: "", status: 1 });
  });

  test("asks for the Node.js that package.json asks for", () => {
    const { engines } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
    assert(readFileSync(bin, "utf8").includes(`const oldest = [${major}, ${minor}];`));
  });

  for (const version of ["16.0.0", "20.20.2", "22.18.9"]) {
    test(`refuses Node.js ${version} in one line, and exits with 1`, () => {
      writeBuilt(folder, "console.log('started');");
      assertRefusal(start(process.execPath, folder, [], pretendingToBe(version)), version);
    });
  }

  for (const version of ["22.19.0", "23.0.0", "30.1.2"]) {
    test(`starts on Node.js ${version}`, () => {
      writeBuilt(folder, "console.log('started');");
      assert.equal(start(process.execPath, folder, [], pretendingToBe(version)).stdout, "started\n");
    });
  }

  // Pretending leaves open whether an old one can read the file at all; where the machine has one, it is asked.
  for (const { path, version } of olderNodes()) {
    test(`is read and refused by the machine's own Node.js ${version}`, () => {
      writeBuilt(folder, "console.log('started');");
      assertRefusal(start(path, folder, []), version);
    });
  }
});

function start(node: string, folder: string, args: readonly string[], flags: readonly string[] = []): Outcome {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return spawnSync(node, [...flags, join(folder, "bin", "fairlead.js"), ...args], { encoding: "utf8", env });
}

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function assertRefusal({ stdout, stderr, status }: Outcome, version: string): void {
  assert(stderr.startsWith(`fairlead needs Node.js 22.19 or newer; this is ${version} (`), stderr);
  assert.equal(stderr.indexOf("\n"), stderr.length - 1);
  assert.deepEqual({ stdout, status }, { stdout: "", status: 1 });
}

function pretendingToBe(version: string): readonly string[] {
  const versions = `{ ...process.versions, node: "${version}" }`;
  return ["--import", `data:text/javascript,Object.defineProperty(process, "versions", { value: ${versions} })`];
}

function olderNodes(): readonly { readonly path: string; readonly version: string }[] {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "node");
    if (folder.includes("node_modules") || !existsSync(path)) continue;
    const version = spawnSync(path, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
    if (Number.parseInt(version) < 22) return [{ path, version }];
  }
  return [];
}

function writeBuilt(folder: string, text: string): void {
  mkdirSync(join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "dist", "main.js"), text);
}
