/**
 * npm run bench -- [NAME...]
 *
 * Runs the benchmarks in bench/, all or those named, one after the other; those of many minutes only by name. Writes
 * bench/results/NAME.json and the table in bench/README.md, and exits with 1 when a claim does not hold.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import type { BenchResult } from "../bench/result.ts";
import { benchTable, replaceTable } from "./bench-table.ts";
import { root } from "./workspace-packages.ts";

interface Benchmark {
  readonly run: () => Promise<BenchResult>;
}

const folder = join(root, "bench");
const results = join(folder, "results");
mkdirSync(results, { recursive: true });

const all = globSync("*.ts", { cwd: folder })
  .map((file) => basename(file, ".ts"))
  .filter((name) => name !== "result")
  .sort();
/** Those that last for many minutes. */
const byNameOnly: ReadonlySet<string> = new Set(["coap-lossy", "server-soak"]);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(", ")}; there are ${all.join(", ")}`);
  process.exit(1);
}

for (const name of wanted.length === 0 ? all.filter((each) => !byNameOnly.has(each)) : wanted) {
  console.log(`${name} …`);
  // Each file in bench/ but result.ts exports `run`; types see to its result.
  const { run } = (await import(join(folder, `${name}.ts`))) as Benchmark;
  const result = await run();
  console.table(result.claims);
  if (result.claims.some(({ holds }) => !holds)) process.exitCode = 1;
  const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model ?? "unknown" };
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ ...result, machine }, null, 2)}\n`);
}

const readme = join(folder, "README.md");
const measured = globSync("*.json", { cwd: results })
  .sort()
  .map((file) => JSON.parse(readFileSync(join(results, file), "utf8")) as BenchResult);
writeFileSync(readme, replaceTable(readFileSync(readme, "utf8"), benchTable(measured)));
