// node scripts/run.mjs ENTRY.ts [ARGUMENTS]
//
// Runs a TypeScript file of this repository on the Node.js that package-lock.json pins, after installing what the lock
// file says when that is missing or out of date. Every npm script goes through here, so `npm start` and `npm test` work
// on a fresh clone. This file itself needs nothing installed and runs on Node.js 18.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, "node_modules", ".fairlead-installed");
const lockPath = join(root, ".install-lock");
const pinnedNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Without these, Node finds no sources in workspace packages, and warns about node:sqlite on every start. */
const nodeFlags = ["--conditions=source", "--disable-warning=ExperimentalWarning"];

const [entry, ...entryArguments] = process.argv.slice(2);
if (entry === undefined) fail("usage: node scripts/run.mjs ENTRY.ts [ARGUMENTS]");

await installWhenNeeded();
run(pinnedNode, [...nodeFlags, join(root, entry), ...entryArguments]);

async function installWhenNeeded() {
  const wanted = installationHash();
  if (isInstalled(wanted)) return;
  await takeLock();
  try {
    if (isInstalled(wanted)) return; // another process did it while this one waited
    install();
    writeFileSync(stampPath, wanted);
  } finally {
    rmSync(lockPath, { force: true });
  }
}

function isInstalled(wanted) {
  return existsSync(pinnedNode) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === wanted;
}

/** Covers what `npm ci` reads: the lock file, and the fields of each package.json that must agree with it. */
function installationHash() {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const packages = readdirSync(join(root, "packages")).sort();
  for (const folder of [root, ...packages.map((name) => join(root, "packages", name))]) {
    const path = join(folder, "package.json");
    if (!existsSync(path)) continue;
    const { name, version, workspaces, bin, allowScripts, overrides, ...rest } = JSON.parse(readFileSync(path, "utf8"));
    const dependencies = Object.entries(rest).filter(([field]) => /dependencies/i.test(field));
    hash.update(JSON.stringify([name, version, workspaces, bin, allowScripts, overrides, dependencies]));
  }
  return hash.digest("hex");
}

/** One installation at a time: `npm ci` begins by deleting node_modules. A lock whose owner is gone is taken over. */
async function takeLock() {
  for (;;) {
    try {
      writeFileSync(lockPath, String(process.pid), { flag: "wx" });
      process.once("exit", () => rmSync(lockPath, { force: true }));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") fail(`cannot write ${lockPath} (${error.code}); check the permissions`);
    }
    if (isAbandoned()) rmSync(lockPath, { force: true });
    else await delay(200);
  }
}

function isAbandoned() {
  try {
    const owner = Number(readFileSync(lockPath, "utf8"));
    if (owner > 0) process.kill(owner, 0);
    return false; // alive, or still about to write its number
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function install() {
  if (process.stderr.isTTY) process.stderr.write("Installing dependencies from package-lock.json…\n");
  const [command, ...prefix] = npmCommand();
  const result = spawnSync(command, [...prefix, "ci", "--include=dev", "--no-progress"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32" && prefix.length === 0,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.error !== undefined) fail(`cannot start npm (${result.error.message}); install npm 10 or newer`);
  if (result.status !== 0) fail(`npm ci failed: ${reasonIn(result.stderr)}`);
  if (!existsSync(pinnedNode)) fail("npm ci did not install Node.js; use npm 11 and leave its install scripts enabled");
}

/** The npm that started us, run by its own Node: the one on the PATH may be in the node_modules that is replaced. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm === undefined || node === undefined || !/^npm-cli\.c?js$/.test(basename(npm))) return ["npm"];
  return [node, npm];
}

/** The first lines that say something; npm's own can be a page long. */
function reasonIn(output) {
  const lines = output.split("\n").map((line) => /^npm (?:error|ERR!) (.+)/.exec(line)?.[1] ?? "");
  const mismatch = lines.find((line) => /^(Invalid|Missing):/.test(line));
  if (mismatch !== undefined) return `package-lock.json does not match package.json (${mismatch}); run npm install`;
  const reasons = lines.filter((line) => line !== "" && !line.startsWith("A complete log"));
  return `${reasons.slice(0, 3).join(", ") || "no reason given"}; run it by hand to see all`;
}

function run(command, args) {
  const child = spawn(command, args, { stdio: "inherit" });
  // A terminal sends Ctrl-C to the child as well; a second one would be read as impatience.
  const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const forward = (signal) => (signal === "SIGINT" && isTerminal ? undefined : child.kill(signal));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  child.once("error", (error) => fail(`cannot start ${command} (${error.message})`));
  child.once("exit", (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}

function fail(message) {
  process.stderr.write(`fairlead: ${message}\n`);
  process.exit(1);
}
