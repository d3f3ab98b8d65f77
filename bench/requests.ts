import type { CallCost } from "./measuring/call-cost.ts";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { OriginPorts } from "./requests/origin-server.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const count = 8_000;

const measured = ["manager.request", "undici.request", "manager.fetch", "undici.fetch"] as const;
const others = ["got", "axios", "ky", "node-fetch", "superagent"] as const;

/** What is measured of whom. Each of the others speaks HTTP/1.1 in the clear, where it is at its best. */
const loads = [
  { protocol: "http", concurrency: 50, sides: [...measured, ...others] },
  { protocol: "https", concurrency: 50, sides: measured },
  { protocol: "https", concurrency: 1, sides: measured },
  { protocol: "h2", concurrency: 50, sides: measured },
] as const;

/** The most that the manager may take of undici's CPU time. */
const limits = { request: 0.8, fetch: 0.7 } as const;

/**
 * What one request costs its client: connections kept, 1 KiB of JSON, every stage on, the body read as text. Each sample
 * is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const server = startChild("requests/origin-server.ts", []);
  const samples = new Map<string, CallCost[]>();
  try {
    const { ports, ca } = await server.ask<{ ports: OriginPorts; ca: string }>({});
    for (let round = 0; round < rounds; round += 1) {
      for (const { protocol, concurrency, sides } of loads) {
        const url = `${protocol === "http" ? "http" : "https"}://127.0.0.1:${String(ports[protocol])}/`;
        for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
          const child = startChild("requests/client.ts", [side, protocol, url, ca]);
          try {
            const key = keyOf(side, protocol, concurrency);
            samples.set(key, [...(samples.get(key) ?? []), await child.ask<CallCost>({ concurrency, count })]);
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

function report(samples: ReadonlyMap<string, readonly CallCost[]>): BenchResult {
  const costs = (key: string): readonly number[] => samples.get(key)?.map(({ microseconds }) => microseconds) ?? [];
  const rate = (key: string): number => Math.round(median(samples.get(key)?.map((one) => one.rate) ?? []));
  const overUndici = loads.flatMap(({ protocol, concurrency }) =>
    (["request", "fetch"] as const).map((kind): BenchClaim => {
      const [ours, theirs] = [`manager.${kind}`, `undici.${kind}`].map((side) => keyOf(side, protocol, concurrency));
      const value = rounded(medianRatio(costs(ours ?? ""), costs(theirs ?? "")));
      const figures = `${rounded(median(costs(ours ?? "")))} µs, ${String(rate(ours ?? ""))}/s`;
      return {
        what: `CPU time of manager.${kind} over undici.${kind}, ${protocol}, ${String(concurrency)} at once (${figures})`,
        value,
        unit: "ratio",
        limit: limits[kind],
        holds: value <= limits[kind],
      };
    }),
  );
  const overOthers = others.map((other): BenchClaim => {
    const key = keyOf(other, "http", 50);
    const value = rounded(medianRatio(costs(keyOf("manager.fetch", "http", 50)), costs(key)));
    const figures = `${rounded(median(costs(key)))} µs, ${String(rate(key))}/s`;
    const what = `CPU time of manager.fetch over ${other} (${figures})`;
    return { what, value, unit: "ratio", limit: 1, holds: value <= 1 };
  });
  const medians = Object.fromEntries(
    [...samples.keys()].map((key) => [key, { microseconds: rounded(median(costs(key))), rate: rate(key) }]),
  );
  return {
    name: "requests",
    claims: [...overUndici, ...overOthers],
    details: { rounds, count, medians, samples: Object.fromEntries(samples) },
  };
}

function keyOf(side: string, protocol: string, concurrency: number): string {
  return `${side}, ${protocol}, ×${String(concurrency)}`;
}
