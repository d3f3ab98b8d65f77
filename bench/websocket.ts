import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
/** In each round: short ones, so that what else the machine does meets all sides alike. */
const TURNS = 11;
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
 * and a thousand open ones. The processes are fresh in each round; within it the sides take turns, and each turn gives a ratio.
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
      for (const size of SIZES) {
        for (const [side, samples] of await takeTurns(url, size)) {
          const key = `${side} ${size}`;
          echoes.set(key, [...(echoes.get(key) ?? []), ...samples]);
        }
      }
      for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
        held.set(side, [...(held.get(side) ?? []), await hold(side, url)]);
      }
    }
    return report(echoes, held);
  } finally {
    server.disconnect();
  }
}

/** Has each side send echoes in turn, all on connections that stay. What the first turn measures is how it gets warm. */
async function takeTurns(url: string, size: (typeof SIZES)[number]): Promise<ReadonlyMap<Side, readonly Sample[]>> {
  const clients = SIDES.map((side) => ({ side, client: startChild("websocket/client.ts", [side, url]) }));
  const samples = new Map<Side, Sample[]>(SIDES.map((side) => [side, []]));
  try {
    for (let turn = 0; turn <= TURNS; turn += 1) {
      for (const { side, client } of turn % 2 === 0 ? clients : clients.toReversed()) {
        const sample = await client.ask<Sample>(size);
        if (turn > 0) samples.get(side)?.push(sample);
      }
    }
  } finally {
    for (const { client } of clients) await client.end();
  }
  return samples;
}

async function hold(side: Side, url: string): Promise<Held> {
  const client = startChild("websocket/client.ts", [side, url]);
  try {
    return await client.ask<Held>("open");
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
    details: { rounds: ROUNDS, turns: TURNS, echoes: Object.fromEntries(echoes), held: Object.fromEntries(held) },
  };
}
