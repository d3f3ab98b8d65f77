import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { startChild } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const WARM_UP_SECONDS = 3;
const SECONDS = 4;
const SIDES = ["own process", "2 threads", "2 processes", "2 Python processes"] as const;

type Side = (typeof SIDES)[number];

interface Sample {
  /** Requests a second. */
  readonly rate: number;
  /** CPU time of the server and its workers for one request. */
  readonly microseconds: number;
}

/**
 * What a gateway costs: the same "hello" from the server's own process, and from two workers of each kind; 50 connections
 * of `wrk` that stay. The sides take turns within each round, each in a fresh process that was warmed up.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<Side, Sample[]>(SIDES.map((side) => [side, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) samples.get(side)?.push(await measure(side));
  }
  const figures = (side: Side, what: keyof Sample): number => median(samples.get(side)?.map((one) => one[what]) ?? []);
  const claims = SIDES.flatMap((side): readonly BenchClaim[] => [
    {
      what: `requests a second, handler in ${side}`,
      value: Math.round(figures(side, "rate")),
      unit: "/s",
      holds: true,
    },
    {
      what: `CPU time of a request, server and workers, handler in ${side}`,
      value: rounded(figures(side, "microseconds")),
      unit: "µs",
      holds: true,
    },
  ]);
  return { name: "server-gateway", claims, details: { rounds: ROUNDS, samples: Object.fromEntries(samples) } };
}

async function measure(side: Side): Promise<Sample> {
  const server = startChild("server-gateway/server.ts", [side]);
  try {
    const { port } = await server.ask<{ readonly port: number }>("port");
    const url = `http://127.0.0.1:${String(port)}/`;
    await load(url, WARM_UP_SECONDS);
    const before = await server.ask<{ readonly cpuMicroseconds: number }>("cpu");
    const { requests, rate } = await load(url, SECONDS);
    const after = await server.ask<{ readonly cpuMicroseconds: number }>("cpu");
    return { rate, microseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / requests };
  } finally {
    await server.end();
  }
}

async function load(url: string, seconds: number): Promise<{ readonly requests: number; readonly rate: number }> {
  const wrk = spawn("wrk", ["-t1", "-c50", `-d${String(seconds)}s`, url], { stdio: ["ignore", "pipe", "inherit"] });
  const output = await text(wrk.stdout);
  const [, requests] = /(\d+) requests in/.exec(output) ?? [];
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(output) ?? [];
  if (requests === undefined || rate === undefined || output.includes("Non-2xx"))
    throw new Error(`wrk said: ${output}`);
  return { requests: Number(requests), rate: Number(rate) };
}
