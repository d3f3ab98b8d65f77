import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median, rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 15);
const limit = 5;
const execute = promisify(execFile);
const folder = join(import.meta.dirname, "install");

interface Sample {
  readonly importMilliseconds: number;
  readonly installMilliseconds: number;
}

/** What `install()` adds to a program's start once fairlead is imported, in fresh processes, of packages as they are built. */
export async function run(): Promise<BenchResult> {
  execFileSync(process.execPath, [join(folder, "../../scripts/run.mjs"), "scripts/build.ts"], {
    cwd: join(folder, "../.."),
    stdio: "ignore",
  });
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await execute(process.execPath, [join(folder, "install.mjs")]);
    samples.push(JSON.parse(stdout) as Sample);
  }
  const value = rounded(median(samples.map(({ installMilliseconds }) => installMilliseconds)));
  const importing = rounded(median(samples.map(({ importMilliseconds }) => importMilliseconds)));
  const what = `install() in a fresh process, beside the import (${String(importing)} ms)`;
  return {
    name: "install",
    claims: [{ what, value, unit: "ms", limit, holds: value <= limit }],
    details: { rounds, samples },
  };
}
