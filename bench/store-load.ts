import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "@fairlead/conformance/peers";
import { startChild } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { OriginPorts } from "./requests/origin-server.ts";
import type { BenchClaim, BenchResult } from "./result.ts";
import type { Load, LoadSample } from "./store-load/client.ts";
import type { MemorySample } from "./store-load/memory-process.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 15);
const sliceMilliseconds = 1_000;
const requestsPerSecond = 1_000;
const recordsPerSecond = 10_000;
const redisProcesses = 4;

/** What one way of keeping records did to requests. */
interface Effect {
  readonly alone: number;
  readonly learning: number;
  readonly difference: number;
  readonly learnedPerSecond: number;
}

/**
 * What learning 10,000 records a second does to the latency of 1,000 requests a second, in one process with SQLite, plain
 * and encrypted, and in four that share Redis: slices with and without take turns, and of each round the 99th percentiles
 * are compared. And what 100,000 HSTS records and 10,000 cookies take of the memory of a process.
 */
export async function run(): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  const origin = startChild("requests/origin-server.ts", []);
  try {
    const { ports } = await origin.ask<{ ports: OriginPorts }>("ports");
    const url = `http://127.0.0.1:${String(ports.http)}/`;
    const plain = await underLoad([`sqlite:${join(directory, "plain.db")}`], url, 1);
    const sealed = await underLoad([`sqlite:${join(directory, "sealed.db")}`, "sealed"], url, 1);
    await using redis = await startRedis();
    const shared = await underLoad([redis.url], url, redisProcesses);
    const memory = await memoryOf(`sqlite:${join(directory, "memory.db")}`);
    return {
      name: "store-load",
      claims: [
        ...claimsOf("SQLite", plain),
        ...claimsOf("encrypted SQLite", sealed),
        ...claimsOf(`Redis, ${String(redisProcesses)} processes together`, shared),
        fact("memory of 100,000 HSTS records and 10,000 cookies from SQLite, as opened", memory.opened.resident, "MiB"),
        fact("memory of the same once each was read", memory.read.resident, "MiB"),
      ],
      details: { rounds, requestsPerSecond, recordsPerSecond, plain, sealed, shared, memory },
    };
  } finally {
    await origin.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The rates are those of all processes together. */
async function underLoad(args: readonly string[], url: string, processes: number): Promise<Effect> {
  const children = Array.from({ length: processes }, () => startChild("store-load/client.ts", args));
  try {
    const samples = await Promise.all(
      children.map((child, index) =>
        child.ask<LoadSample>({
          url,
          name: `process-${String(index)}`,
          rounds,
          sliceMilliseconds,
          requestsPerSecond: requestsPerSecond / processes,
          recordsPerSecond: recordsPerSecond / processes,
        } satisfies Load),
      ),
    );
    await Promise.all(children.map((child) => child.ask("close")));
    await verifyKept(args, samples);
    const together = (of: (sample: LoadSample) => readonly (readonly number[])[]): number[] =>
      Array.from({ length: rounds }, (_, round) => percentile99(samples.flatMap((sample) => of(sample)[round] ?? [])));
    const alone = together((sample) => sample.alone);
    const learning = together((sample) => sample.learning);
    return {
      alone: median(alone),
      learning: median(learning),
      difference: median(learning.map((one, round) => one - (alone[round] ?? Number.NaN))),
      learnedPerSecond: samples.reduce((sum, { learnedPerSecond }) => sum + learnedPerSecond, 0),
    };
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
}

/** Nothing that was learned is lost. */
async function verifyKept(args: readonly string[], samples: readonly LoadSample[]): Promise<void> {
  const learned = samples.reduce((sum, sample) => sum + sample.learned, 0);
  const child = startChild("store-load/client.ts", args);
  try {
    const kept = await child.ask<number>("count");
    if (kept !== learned) throw new Error(`${String(learned)} records were learned, and ${String(kept)} are there`);
    await child.ask("close");
  } finally {
    await child.end();
  }
}

async function memoryOf(url: string): Promise<MemorySample> {
  const ask = async <Answer>(message: string): Promise<Answer> => {
    const child = startChild("store-load/memory-process.ts", [url]);
    try {
      return await child.ask<Answer>(message);
    } finally {
      await child.end();
    }
  };
  await ask("fill");
  return ask<MemorySample>("measure");
}

function claimsOf(where: string, { alone, learning, difference, learnedPerSecond }: Effect): BenchClaim[] {
  const what = `what learning adds to the 99th percentile of latency (${alone.toFixed(2)} to ${learning.toFixed(2)} ms), ${where}`;
  const rate = Math.round(learnedPerSecond);
  return [
    { what, value: rounded(difference), unit: "ms", limit: 1, holds: difference <= 1 },
    {
      what: `records learned a second meanwhile, ${where}`,
      value: rate,
      unit: "/s",
      limit: recordsPerSecond * 0.99,
      bound: "at least",
      holds: rate >= recordsPerSecond * 0.99,
    },
  ];
}

function fact(what: string, value: number, unit: string): BenchClaim {
  return { what, value: rounded(value), unit, holds: true };
}

function percentile99(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? Number.NaN;
}
