/**
 * npm test -- [PART OF A PATH...] [--name PATTERN]
 *
 * Runs every test file, or those whose path contains one of the parts. With CI=true a skipped test is a failure: what
 * the deciding machine does not run is not tested. So is a file without tests, always. Properties are tried with the same
 * cases each time there, and with others each time elsewhere.
 */
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";

const testTimeoutMilliseconds = 180_000;
const runTimeoutMilliseconds = 30 * 60_000;

const root = dirname(import.meta.dirname);
const { values, positionals } = parseArgs({ allowPositionals: true, options: { name: { type: "string" } } });

const files = globSync(["packages/*/test/**/*.test.ts", "scripts/*.test.ts"], { cwd: root })
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no test file has ${positionals.map((part) => `'${part}'`).join(" or ")} in its path`);
  process.exit(1);
}

// The servers of the tests are on this machine, whatever way leads out of it.
for (const name of Object.keys(process.env)) {
  if (/^(?:https?|all)_proxy$/i.test(name)) Reflect.deleteProperty(process.env, name);
}

// Every file loads much the same modules, whose types would be taken off each time; only who may write here may write there.
process.env["NODE_COMPILE_CACHE"] ??= join(root, "node_modules/.cache/fairlead/compiled");

const isDeciding = process.env["CI"] === "true";
const preloaded = ["file-deadline.ts", ...(isDeciding ? ["same-cases.ts"] : [])];

const skipped: string[] = [];
const empty: string[] = [];
const events = run({
  files: files.map((file) => join(root, file)),
  // A third of the time a file waits, for peers, disks and clocks.
  concurrency: Math.min(availableParallelism() + 1, 4),
  timeout: testTimeoutMilliseconds,
  // Files that hold on to the event loop end themselves (file-deadline.ts); this ends one that spins.
  signal: AbortSignal.timeout(runTimeoutMilliseconds),
  execArgv: [...process.execArgv, ...preloaded.map((file) => `--import=${join(import.meta.dirname, file)}`)],
  ...(values.name === undefined ? {} : { testNamePatterns: [values.name] }),
});
events.on("test:pass", ({ name, file, skip }) => {
  const place = file === undefined ? "" : relative(root, file);
  // The runner passes a file that runs no test as if it were one.
  if (name === file) empty.push(place);
  else if (skip !== undefined && skip !== false) skipped.push(`${place}: ${name}${skip === true ? "" : ` (${skip})`}`);
});
events.on("test:summary", ({ file, success }) => {
  if (file === undefined && !success) process.exitCode = 1;
});
events
  .compose(spec)
  .on("end", () => {
    if (isDeciding) refuse("skipped, which CI=true forbids", skipped);
    // With --name, files without a match are meant to run none.
    if (values.name === undefined) refuse("no test in", empty);
    else if (empty.length === files.length) refuse("no test has this name", [values.name]);
  })
  .pipe(process.stdout);

function refuse(reason: string, items: readonly string[]): void {
  if (items.length === 0) return;
  console.error(`\n${reason}:\n${items.map((item) => `  ${item}\n`).join("")}`);
  process.exitCode = 1;
}
