import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
const sides = ["node", "openssl", "gnutls"] as const;

/** What is measured of each side, and the most that it may be of node:tls. */
const measured = [
  { what: "full", clause: "CPU time of a full handshake", limit: 0.85 },
  { what: "resumed", clause: "CPU time of a resumed handshake", limit: 0.7 },
  { what: "messages", clause: "CPU time of 100 bytes there and back", limit: 1.1 },
] as const;
const idleLimitKibibytes = 20;

/**
 * Connections over loopback TCP, both ends in one process, a fresh one for each sample; the sides take turns within each
 * round. Every certificate is verified; by the FFI backends with our own path validation as well.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const what of [...measured.map((each) => each.what), "idle"]) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const child = startChild("tls/in-one-process.ts", [what, side]);
        try {
          const key = `${what} ${side}`;
          samples.set(key, [...(samples.get(key) ?? []), await child.ask<number>({})]);
        } finally {
          await child.end();
        }
      }
    }
  }
  return report(samples);
}

function report(samples: ReadonlyMap<string, readonly number[]>): BenchResult {
  const of = (what: string, side: string): readonly number[] => samples.get(`${what} ${side}`) ?? [];
  const ratios = measured.flatMap(({ what, clause, limit }) =>
    (["openssl", "gnutls"] as const).map((side): BenchClaim => {
      const value = rounded(medianRatio(of(what, side), of(what, "node")));
      return { what: `${clause}, ${side} over node:tls`, value, unit: "ratio", limit, holds: value <= limit };
    }),
  );
  const kibibytes = rounded(median(of("idle", "gnutls")));
  const idle: BenchClaim = {
    what: "memory of an idle end beside its TCP socket, gnutls",
    value: kibibytes,
    unit: "KiB",
    limit: idleLimitKibibytes,
    holds: kibibytes <= idleLimitKibibytes,
  };
  const medians = Object.fromEntries([...samples].map(([key, list]) => [key, rounded(median(list))]));
  return {
    name: "tls-connections",
    claims: [...ratios, idle],
    details: { rounds, medians, samples: Object.fromEntries(samples) },
  };
}
