import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "@fairlead/testserver";
import { median, rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 9);
const root = join(import.meta.dirname, "..");

interface Sample {
  readonly milliseconds: number;
  readonly services: number;
  /** Resident memory of the process when it is ready. */
  readonly residentMebibytes: number;
}

/**
 * `fairlead testserver --manifest FILE` from the beginning of its process until the manifest is there, which is when all
 * services can be reached. Packages are used as they are built.
 */
export async function run(): Promise<BenchResult> {
  execFileSync(process.execPath, [join(root, "scripts/run.mjs"), "scripts/build.ts"], { cwd: root, stdio: "ignore" });
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await startOnce());
  const milliseconds = median(samples.map((sample) => sample.milliseconds));
  const memory = median(samples.map((sample) => sample.residentMebibytes));
  const services = samples[0]?.services ?? 0;
  return {
    name: "testserver-start",
    claims: [
      {
        what: `fairlead testserver, from its start until all ${services} services are there`,
        value: rounded(milliseconds),
        unit: "ms",
        limit: 2000,
        holds: milliseconds <= 2000,
      },
      { what: "memory of its process then", value: rounded(memory), unit: "MiB", holds: true },
    ],
    details: { rounds, samples },
  };
}

async function startOnce(): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-testserver-start-"));
  const file = join(folder, "network.json");
  const watcher = watch(folder);
  const main = createRequire(import.meta.url).resolve("fairlead/package.json");
  const begin = performance.now();
  const child = spawn(process.execPath, [join(main, "..", "dist", "main.js"), "testserver", "--manifest", file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    while (!existsSync(file)) await once(watcher, "change", { signal: AbortSignal.timeout(30_000) });
    const milliseconds = performance.now() - begin;
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    const status = readFileSync(`/proc/${String(child.pid)}/status`, "utf8");
    const residentMebibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
    return { milliseconds, services: manifest.services.length, residentMebibytes };
  } finally {
    watcher.close();
    child.kill();
    await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
}
