import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";
import { type CipherName, ciphers, sideNames, type SideName, suites } from "./tls/sides.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
const bytes = 1_073_741_824;
const warmUpBytes = 268_435_456;

interface Sample {
  readonly megabytesPerSecond: number;
  /** User and system, both ends. */
  readonly cpuSecondsPerGibibyte: number;
}

/**
 * 1 GiB over loopback TCP, ends in separate processes, fresh ones for each sample; the sides take turns within each
 * round.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<string, Sample[]>();
  for (const cipher of ciphers) {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sideNames : sideNames.toReversed()) {
        const key = `${side} ${cipher}`;
        samples.set(key, [...(samples.get(key) ?? []), await transfer(side, cipher)]);
      }
    }
  }
  return report(samples);
}

async function transfer(side: SideName, cipher: CipherName): Promise<Sample> {
  const sender = startChild("tls/bulk-end.ts", ["sender", side, cipher]);
  const receiver = startChild("tls/bulk-end.ts", ["receiver", side]);
  try {
    const { port, ca } = await sender.ask<{ port: number; ca: string }>({});
    await receiver.ask({ port, ca, bytes: warmUpBytes });
    const before = await sender.ask<{ cpu: NodeJS.CpuUsage }>({});
    const received = await receiver.ask<{ seconds: number; cpu: NodeJS.CpuUsage; cipher: string }>({ port, ca, bytes });
    const after = await sender.ask<{ cpu: NodeJS.CpuUsage }>({});
    if (received.cipher !== suites[cipher]) throw new Error(`${side} chose ${received.cipher} for ${cipher}`);
    const microseconds = total(received.cpu) + total(after.cpu) - total(before.cpu);
    return {
      megabytesPerSecond: Math.round(bytes / 1e6 / received.seconds),
      cpuSecondsPerGibibyte: rounded(microseconds / 1e6),
    };
  } finally {
    await Promise.all([sender.end(), receiver.end()]);
  }
}

function total({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): BenchResult {
  const of = (side: SideName, cipher: string, what: keyof Sample): readonly number[] =>
    samples.get(`${side} ${cipher}`)?.map((sample) => sample[what]) ?? [];
  const claims = ciphers.flatMap((cipher) =>
    sideNames
      .filter((side) => side !== "node")
      .map((side): BenchClaim => {
        const rate = "megabytesPerSecond";
        const value = rounded(medianRatio(of(side, cipher, rate), of("node", cipher, rate)));
        const limit = side.endsWith("-stream") ? 1 : 1.2;
        const [cpu, cpuOfNode] = [side, "node" as const].map((each) =>
          rounded(median(of(each, cipher, "cpuSecondsPerGibibyte"))),
        );
        const beside = `CPU ${String(cpu)} against ${String(cpuOfNode)} s/GiB`;
        const what = `rate of ${describe(side)} over node:tls, 1 GiB, ${cipher}; ${beside}`;
        return { what, value, unit: "ratio", limit, bound: "at least", holds: value >= limit };
      }),
  );
  const medians = Object.fromEntries(
    [...samples].map(([key, list]) => [
      key,
      {
        megabytesPerSecond: median(list.map((one) => one.megabytesPerSecond)),
        cpuSecondsPerGibibyte: median(list.map((one) => one.cpuSecondsPerGibibyte)),
      },
    ]),
  );
  return { name: "tls-bulk", claims, details: { rounds, bytes, medians, samples: Object.fromEntries(samples) } };
}

function describe(side: SideName): string {
  return side.endsWith("-stream") ? `${side.replace("-stream", "")} over a plain stream` : `${side} on the descriptor`;
}
