import type { CallCost } from "./measuring/call-cost.ts";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const count = 8_000;
const concurrency = 50;
const sides = ["contract client", "restClient", "ky", "axios"] as const;
const others = ["ky", "axios"] as const;

/** How much of the fastest other client's rate the contract's is to have. */
const LEAST = 0.9;

/**
 * What a call costs its client: connections kept, 1 KiB of JSON as an object, and, by the contract, checked by zod. Each
 * sample is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const origin = startChild("rest-client/origin.ts", []);
  const samples = new Map<string, CallCost[]>(sides.map((side) => [side, []]));
  try {
    const base = `http://127.0.0.1:${String(await origin.ask<number>({}))}/`;
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const child = startChild("rest-client/client.ts", [side, base]);
        try {
          samples.get(side)?.push(await child.ask<CallCost>({ concurrency, count }));
        } finally {
          await child.end();
        }
      }
    }
  } finally {
    await origin.end();
  }
  return report(samples);
}

function report(samples: ReadonlyMap<string, readonly CallCost[]>): BenchResult {
  const rates = (side: string): readonly number[] => samples.get(side)?.map(({ rate }) => rate) ?? [];
  const costs = (side: string): readonly number[] => samples.get(side)?.map(({ microseconds }) => microseconds) ?? [];
  const figures = (side: string): string =>
    `${String(Math.round(median(rates(side))))}/s, ${String(rounded(median(costs(side))))} µs`;
  const claims = others.map((other): BenchClaim => {
    const value = rounded(medianRatio(rates("contract client"), rates(other)));
    const what = `calls a second of the contract's client (${figures("contract client")}) over ${other} (${figures(other)}), 1 KiB of JSON`;
    return { what, value, unit: "ratio", limit: LEAST, bound: "at least", holds: value >= LEAST };
  });
  return {
    name: "rest-client",
    claims: [
      ...claims,
      {
        what: `CPU time of a call of the contract's client over restClient without one (${figures("restClient")})`,
        value: rounded(medianRatio(costs("contract client"), costs("restClient"))),
        unit: "ratio",
        holds: true,
      },
    ],
    details: { rounds, count, concurrency, samples: Object.fromEntries(samples) },
  };
}
