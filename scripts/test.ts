/**
 * npm test -- [PART OF A PATH...] [--name PATTERN]
 *
 * Runs every test file, or those whose path contains one of the parts. With CI=true a skipped test is a failure: what
 * the deciding machine does not run is not tested.
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

const allFiles = globSync(["packages/*/test/**/*.test.ts", "scripts/*.test.ts"], { cwd: root }).sort();
const files =
  positionals.length === 0 ? allFiles : allFiles.filter((file) => positionals.some((part) => file.includes(part)));
if (files.length === 0) {
  console.error(`no test file has ${positionals.map((part) => `'${part}'`).join(" or ")} in its path`);
  process.exit(1);
}

const skipped: string[] = [];
const events = run({
  files: files.map((file) => join(root, file)),
  concurrency: Math.min(availableParallelism(), 4),
  timeout: testTimeoutMilliseconds,
  // Files that hold on to the event loop end themselves (file-deadline.ts); this ends one that spins.
  signal: AbortSignal.timeout(runTimeoutMilliseconds),
  execArgv: [...process.execArgv, `--import=${join(import.meta.dirname, "file-deadline.ts")}`],
  ...(values.name === undefined ? {} : { testNamePatterns: [values.name] }),
});
events.on("test:pass", ({ name, file, skip }) => {
  if (skip === undefined || skip === false) return;
  skipped.push(`${file === undefined ? "" : `${relative(root, file)}: `}${name}${skip === true ? "" : ` (${skip})`}`);
});
events.on("test:summary", ({ file, counts, success }) => {
  if (file === undefined && (!success || counts.tests === 0)) process.exitCode = 1;
});
events
  .compose(spec)
  .on("end", () => {
    if (skipped.length === 0 || process.env["CI"] !== "true") return;
    console.error(`\nskipped, which CI=true forbids:\n${skipped.map((line) => `  ${line}\n`).join("")}`);
    process.exitCode = 1;
  })
  .pipe(process.stdout);
