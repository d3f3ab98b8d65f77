import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const SIDES = ["manager", "undici", "ws"] as const;
const SIZES = ["125 B", "64 KiB"] as const;

type Side = (typeof SIDES)[number];

interface Sample {
  /** CPU time, user and system, of the client for one message to and fro. */
  readonly microseconds: number;
  /** Messages to and fro a second. */
  readonly rate: number;
}

interface Held {
  readonly rssKib: number;
  readonly heapKib: number;
}

/**
 * What a WebSocket costs its client: messages that a server of the library `ws` sends back, on one connection, uncompressed;
 * and a thousand open ones. Each sample is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const server = fork(fileURLToPath(new URL("websocket/echo-server.ts", import.meta.url)), {
    execArgv: process.execArgv,
  });
  try {
    const { port } = await new Promise<{ readonly port: number }>((resolve) => {
      server.once("message", (message) => {
        resolve(message as { readonly port: number });
      });
    });
    const url = `ws://127.0.0.1:${String(port)}/`;
    const echoes = new Map<string, Sample[]>();
    const held = new Map<Side, Held[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
        for (const size of SIZES) {
          const key = `${side} ${size}`;
          echoes.set(key, [...(echoes.get(key) ?? []), await measure<Sample>(side, url, size)]);
        }
        held.set(side, [...(held.get(side) ?? []), await measure<Held>(side, url, "open")]);
      }
    }
    return report(echoes, held);
  } finally {
    server.disconnect();
  }
}

async function measure<Measured>(side: Side, url: string, what: string): Promise<Measured> {
  const client = startChild("websocket/client.ts", [side, url]);
  try {
    return await client.ask<Measured>(what);
  } finally {
    await client.end();
  }
}

function report(echoes: ReadonlyMap<string, readonly Sample[]>, held: ReadonlyMap<Side, readonly Held[]>): BenchResult {
  const of = (side: Side, size: string, what: keyof Sample): readonly number[] =>
    (echoes.get(`${side} ${size}`) ?? []).map((sample) => sample[what]);
  const memory = (side: Side, what: keyof Held): readonly number[] =>
    (held.get(side) ?? []).map((sample) => sample[what]);
  const rates = (size: string, other: Side, limit: number): BenchClaim => {
    const value = medianRatio(of("manager", size, "rate"), of(other, size, "rate"));
    const cpu = (["manager", other] as const).map((side) => median(of(side, size, "microseconds")).toFixed(1));
    const rate = Math.round(median(of("manager", size, "rate")));
    return {
      what: `echoes of ${size} a second (${String(rate)}), manager over ${other}; CPU ${cpu.join(" against ")} µs`,
      value: rounded(value),
      unit: "ratio",
      limit,
      bound: "at least",
      holds: value >= limit,
    };
  };
  const kib = (side: Side, what: keyof Held): string => median(memory(side, what)).toFixed(1);
  const sizes = medianRatio(memory("manager", "heapKib"), memory("undici", "heapKib"));
  const heaps = SIDES.map((side) => `${side} ${kib(side, "heapKib")}`).join(", ");
  const resident = SIDES.map((side) => `${side} ${kib(side, "rssKib")}`).join(", ");
  return {
    name: "websocket",
    claims: [
      ...SIZES.flatMap((size) => [rates(size, "undici", 1), rates(size, "ws", 0.9)]),
      {
        what: `memory of each of 1,000 open WebSockets, manager over undici (heap and buffers in KiB: ${heaps}; RSS: ${resident})`,
        value: rounded(sizes),
        unit: "ratio",
        limit: 1,
        holds: sizes <= 1,
      },
    ],
    details: { rounds: ROUNDS, echoes: Object.fromEntries(echoes), held: Object.fromEntries(held) },
  };
}
