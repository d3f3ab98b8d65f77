import type { Origin } from "./download/origin-server.ts";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7);
const sides = ["manager.download", "undici.request", "undici.request and fdatasync"] as const;
const protocols = ["http", "https"] as const;
const limit = 0.95;

interface Sample {
  /** Megabytes a second. */
  readonly rate: number;
  /** CPU seconds of the client for a GiB. */
  readonly cpu: number;
}

/**
 * How fast 64 MiB come to a file, over HTTP/1.1. `manager.download` waits for the disk and renames, which undici's stream to
 * a file does not; a third side does, for comparison. Each sample is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const server = startChild("download/origin-server.ts", []);
  const samples = new Map<string, Sample[]>();
  try {
    const { port, tlsPort, ca } = await server.ask<Origin>({});
    for (let round = 0; round < rounds; round += 1) {
      for (const protocol of protocols) {
        const url = `${protocol}://127.0.0.1:${String(protocol === "http" ? port : tlsPort)}/`;
        for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
          const child = startChild("download/file-client.ts", [side, url, ca]);
          const name = `${side}, ${protocol}`;
          try {
            samples.set(name, [...(samples.get(name) ?? []), await child.ask<Sample>({})]);
          } finally {
            await child.end();
          }
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
  const claims = protocols.map((protocol): BenchClaim => {
    const [ours, theirs, durable] = sides.map((side) => `${side}, ${protocol}`) as [string, string, string];
    const value = rounded(medianRatio(of(ours, "rate"), of(theirs, "rate")));
    const cpu = `CPU ${String(rounded(median(of(ours, "cpu"))))} against ${String(rounded(median(of(theirs, "cpu"))))} s/GiB`;
    const same = `${String(rounded(medianRatio(of(ours, "rate"), of(durable, "rate"))))} where it waits for the disk, too`;
    const what = `rate of manager.download over undici.request to a file, 64 MiB, ${protocol}; ${same}; ${cpu}`;
    return { what, value, unit: "ratio", limit, bound: "at least", holds: value >= limit };
  });
  return { name: "download-file", claims, details: { rounds, samples: Object.fromEntries(samples) } };
}
