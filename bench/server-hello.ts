import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";
import { sides, type HelloProtocol, type HelloSide } from "./server-hello/sides.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const seconds = Number(process.env["BENCH_SECONDS"] ?? 3);
const connections = 50;

/** Who is measured how: those that are not there do not speak it, or say nothing more by it. */
const loads: readonly { readonly protocol: HelloProtocol; readonly sides: readonly HelloSide[] }[] = [
  { protocol: "http", sides },
  { protocol: "https", sides: ["fairlead", "fairlead, Hono", "node:http", "fastify", "hono", "srvx"] },
  { protocol: "h2", sides: ["fairlead", "node:http", "fastify"] },
];

/** Of ours over theirs, in CPU time; each at most 1. */
const comparisons: readonly (readonly [HelloSide, HelloSide])[] = [
  ["fairlead", "node:http"],
  ["fairlead", "fastify"],
  ["fairlead", "hono"],
  ["fairlead", "srvx"],
  ["fairlead, Hono", "hono"],
  ["fairlead, express", "express"],
];

interface Sample {
  /** CPU time of the server, user and system, for one request. */
  readonly microseconds: number;
  /** Requests a second. */
  readonly rate: number;
}

/**
 * What one request costs its server: "hello" in JSON, 50 connections that are kept, asked as fast as it answers, by wrk for
 * HTTP/1.1 and by h2load for HTTP/2. Each sample is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const load of loads) {
      for (const side of round % 2 === 0 ? load.sides : load.sides.toReversed()) {
        const key = keyOf(side, load.protocol);
        samples.set(key, [...(samples.get(key) ?? []), await sample(side, load.protocol)]);
      }
    }
  }
  return report(samples);
}

async function sample(side: HelloSide, protocol: HelloProtocol): Promise<Sample> {
  const server = startChild("server-hello/server.ts", [side, protocol]);
  try {
    const url = `${protocol === "http" ? "http" : "https"}://127.0.0.1:${String(await server.ask<number>("port"))}/`;
    await load(protocol, url, 1);
    const before = await server.ask<number>("cpu");
    const { requests, rate } = await load(protocol, url, seconds);
    return { microseconds: ((await server.ask<number>("cpu")) - before) / requests, rate };
  } finally {
    await server.end();
  }
}

const execute = promisify(execFile);

async function load(
  protocol: HelloProtocol,
  url: string,
  duration: number,
): Promise<{ readonly requests: number; readonly rate: number }> {
  const count = String(connections);
  if (protocol === "h2") {
    const args = ["-c", "5", "-m", "10", "-D", String(duration), url];
    const { stdout } = await execute("h2load", args);
    const requests = figure(stdout, /(\d+) succeeded/);
    if (figure(stdout, /(\d+) failed/) > 0) throw new Error(`requests have failed: ${stdout}`);
    return { requests, rate: requests / duration };
  }
  const { stdout } = await execute("wrk", ["-t", "1", "-c", count, "-d", `${String(duration)}s`, url]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`requests have failed: ${stdout}`);
  return { requests: figure(stdout, /(\d+) requests in/), rate: figure(stdout, /Requests\/sec:\s+([\d.]+)/) };
}

function figure(text: string, pattern: RegExp): number {
  const value = Number(pattern.exec(text)?.[1]);
  if (Number.isNaN(value)) throw new Error(`the tool has said something else: ${text}`);
  return value;
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): BenchResult {
  const costs = (key: string): readonly number[] => samples.get(key)?.map(({ microseconds }) => microseconds) ?? [];
  const rate = (key: string): number => Math.round(median(samples.get(key)?.map((one) => one.rate) ?? []));
  const figures = (key: string): string => `${rounded(median(costs(key)))} µs, ${String(rate(key))}/s`;
  const claims = loads.flatMap(({ protocol, sides: measured }) =>
    comparisons
      .filter((pair) => pair.every((side) => measured.includes(side)))
      .map(([ours, theirs]): BenchClaim => {
        const [one, other] = [keyOf(ours, protocol), keyOf(theirs, protocol)];
        const value = rounded(medianRatio(costs(one), costs(other)));
        const what = `CPU time of ${ours} over ${theirs}, ${protocol} (${figures(one)} against ${figures(other)})`;
        return { what, value, unit: "ratio", limit: 1, holds: value <= 1 };
      }),
  );
  const medians = Object.fromEntries(
    [...samples.keys()].map((key) => [key, { microseconds: rounded(median(costs(key))), rate: rate(key) }]),
  );
  return {
    name: "server-hello",
    claims,
    details: { rounds, seconds, connections, medians, samples: Object.fromEntries(samples) },
  };
}

function keyOf(side: HelloSide, protocol: HelloProtocol): string {
  return `${side}, ${protocol}`;
}
