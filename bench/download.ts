import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7);
const sides = ["manager.request", "undici.request", "manager.fetch", "undici.fetch"] as const;
const limit = 0.95;

interface Sample {
  /** Megabytes a second. */
  readonly rate: number;
  /** CPU seconds of the client for a GiB. */
  readonly cpu: number;
}

/**
 * How fast 64 MiB come, read as a stream, over HTTP/1.1 in the clear. Each sample is a fresh process; the sides take
 * turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const server = startChild("download/origin-server.ts", []);
  const samples = new Map<string, Sample[]>();
  try {
    const { port } = await server.ask<{ port: number }>({});
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const child = startChild("download/client.ts", [side, `http://127.0.0.1:${String(port)}/`]);
        try {
          samples.set(side, [...(samples.get(side) ?? []), await child.ask<Sample>({})]);
        } finally {
          await child.end();
        }
      }
    }
  } finally {
    await server.end();
  }
  return report(samples);
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): BenchResult {
  const of = (side: string, fact: keyof Sample): readonly number[] => samples.get(side)?.map((one) => one[fact]) ?? [];
  const claims = (["request", "fetch"] as const).map((kind): BenchClaim => {
    const [ours, theirs] = [`manager.${kind}`, `undici.${kind}`] as const;
    const value = rounded(medianRatio(of(ours, "rate"), of(theirs, "rate")));
    const cpu = `CPU ${String(rounded(median(of(ours, "cpu"))))} against ${String(rounded(median(of(theirs, "cpu"))))} s/GiB`;
    const what = `rate of manager.${kind} over undici.${kind}, 64 MiB; ${cpu}`;
    return { what, value, unit: "ratio", limit, bound: "at least", holds: value >= limit };
  });
  return { name: "download", claims, details: { rounds, samples: Object.fromEntries(samples) } };
}
