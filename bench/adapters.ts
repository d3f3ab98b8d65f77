import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { OriginPorts } from "./requests/origin-server.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const count = 4_000;
const concurrency = 50;
const libraries = ["axios", "got", "node-fetch"] as const;

interface Sample {
  /** CPU time, user and system, of the client for one request. */
  readonly microseconds: number;
}

/**
 * What a library's request costs with the manager's agent, which adds every stage to it, over what it costs with an agent
 * of Node's: HTTP/1.1 in the clear, connections kept, 1 KiB of JSON. Facts, and no claims.
 */
export async function run(): Promise<BenchResult> {
  const server = startChild("requests/origin-server.ts", []);
  const samples = new Map<string, number[]>();
  try {
    const { ports } = await server.ask<{ ports: OriginPorts }>({});
    const url = `http://127.0.0.1:${String(ports.http)}/`;
    for (let round = 0; round < rounds; round += 1) {
      for (const library of libraries) {
        const sides = [library, `${library} by the manager's agent`];
        for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
          const child = startChild("requests/client.ts", [side, "http", url, ""]);
          try {
            const { microseconds } = await child.ask<Sample>({ concurrency, count });
            samples.set(side, [...(samples.get(side) ?? []), microseconds]);
          } finally {
            await child.end();
          }
        }
      }
    }
  } finally {
    await server.end();
  }
  const claims = libraries.map((library): BenchClaim => {
    const own = samples.get(library) ?? [];
    const ours = samples.get(`${library} by the manager's agent`) ?? [];
    const figures = `${String(rounded(median(ours)))} µs against ${String(rounded(median(own)))}`;
    const what = `CPU time of ${library} by the manager's agent over its own (${figures})`;
    return { what, value: rounded(medianRatio(ours, own)), unit: "ratio", holds: true };
  });
  return { name: "adapters", claims, details: { rounds, count, concurrency, samples: Object.fromEntries(samples) } };
}
