import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchResult } from "./result.ts";

const ROUNDS = 5;
const SIDES = ["manager.request", "undici.request", "manager.fetch", "undici.fetch"] as const;
const LOADS = [
  { concurrency: 1, count: 6_000 },
  { concurrency: 50, count: 20_000 },
] as const;

interface Sample {
  /** CPU time, user and system, of the client for one request. */
  readonly microseconds: number;
  /** Requests a second. */
  readonly rate: number;
}

/**
 * What one request costs its client: TLS 1.3, HTTP/1.1 keep-alive, 1 KiB of JSON, every stage on. Each sample is a fresh
 * process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const server = fork(path("requests/origin-server.ts"), { execArgv: process.execArgv });
  try {
    const { port, ca } = await message<{ port: number; ca: string }>(server);
    const samples = new Map<string, Sample[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { concurrency, count } of LOADS) {
        for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
          const args = [side, String(concurrency), String(count), `https://127.0.0.1:${String(port)}/`, ca];
          const client = fork(path("requests/client.ts"), args, { execArgv: process.execArgv });
          const key = `${side} ×${String(concurrency)}`;
          samples.set(key, [...(samples.get(key) ?? []), await message<Sample>(client)]);
        }
      }
    }
    return report(samples);
  } finally {
    server.disconnect();
  }
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): BenchResult {
  const medians = Object.fromEntries(
    [...samples].map(([key, list]) => [
      key,
      { microseconds: median(list.map((one) => one.microseconds)), rate: median(list.map((one) => one.rate)) },
    ]),
  );
  const claims = LOADS.flatMap(({ concurrency }) =>
    (["request", "fetch"] as const).map((kind) => {
      // Sides of one round ran next to each other: the median of their ratios is steadier than the ratio of medians.
      const ours = samples.get(`manager.${kind} ×${String(concurrency)}`) ?? [];
      const theirs = samples.get(`undici.${kind} ×${String(concurrency)}`) ?? [];
      const value = median(ours.map((one, round) => one.microseconds / (theirs[round]?.microseconds ?? Number.NaN)));
      const what = `CPU time of manager.${kind} over undici.${kind}, ${String(concurrency)} at once`;
      return { what, value: Number(value.toFixed(3)), unit: "ratio", limit: 1, holds: value <= 1 };
    }),
  );
  return { name: "requests", claims, details: { rounds: ROUNDS, medians, samples: Object.fromEntries(samples) } };
}

/** The first message of a child; an error when it ends without one. */
function message<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once("message", (received) => {
      resolve(received as Message);
    });
    child.once("exit", (code) => {
      reject(new Error(`${child.spawnargs.join(" ")} exited with ${String(code)} before it said anything`));
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
