import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { type Child, startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
/** In each round: short ones, so that what else the machine does meets all sides alike. */
const TURNS = Number(process.env["BENCH_TURNS"] ?? 5);
const REQUESTS = 20_000;

/** Client and server of one side. The server of libcoap is `coap-server`, of its examples; it has no client for load. */
const SIDES = {
  fairlead: ["fairlead", "fairlead"],
  "node-coap": ["node-coap", "node-coap"],
  "fairlead to libcoap": ["fairlead", "libcoap"],
  "node-coap to libcoap": ["node-coap", "libcoap"],
} as const;
type Side = keyof typeof SIDES;

interface Sample {
  /** CPU time, user and system, of the client for one request. */
  readonly microseconds: number;
  /** CPU time of the server for one; unknown of libcoap's. */
  readonly serverMicroseconds: number | undefined;
  readonly rate: number;
}

/**
 * CoAP over UDP: confirmable GETs that are answered by 64 bytes, from 64 sockets, each of which has one request under way
 * as NSTART says; client and server are processes of their own. Within a round the sides take turns, and each turn gives a
 * ratio.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<Side, Sample[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < ROUNDS; round += 1) await takeTurns(samples);
  const of = (side: Side, what: "rate" | "microseconds"): readonly number[] =>
    (samples.get(side) ?? []).map((sample) => sample[what]);
  const claim = (ours: Side, theirs: Side, limit?: number): BenchClaim => {
    const value = medianRatio(of(ours, "rate"), of(theirs, "rate"));
    const [rate, other] = [ours, theirs].map((side) => Math.round(median(of(side, "rate"))));
    const cpu = [ours, theirs].map((side) => median(of(side, "microseconds")).toFixed(1)).join(" against ");
    const what = `requests a second, ${ours} (${String(rate)}) over ${theirs} (${String(other)}); CPU of the client ${cpu} µs`;
    const bound = limit === undefined ? {} : ({ limit, bound: "at least" } as const);
    return { what, value: rounded(value), unit: "ratio", ...bound, holds: limit === undefined || value >= limit };
  };
  return {
    name: "coap-udp",
    claims: [
      claim("fairlead", "node-coap", 3),
      claim("fairlead to libcoap", "node-coap to libcoap"),
      claim("fairlead", "fairlead to libcoap"),
    ],
    details: { rounds: ROUNDS, turns: TURNS, requests: REQUESTS, samples: Object.fromEntries(samples) },
  };
}

const sides = Object.keys(SIDES) as readonly Side[];

/** Processes are fresh in each round. What the first turn measures is how they get warm. */
async function takeTurns(samples: ReadonlyMap<Side, Sample[]>): Promise<void> {
  const libcoap = await startLibcoap();
  const pairs = await Promise.all(sides.map((side) => startPair(side, libcoap.port)));
  try {
    for (let turn = 0; turn <= TURNS; turn += 1) {
      for (const { side, client, server } of turn % 2 === 0 ? pairs : pairs.toReversed()) {
        const before = await server?.ask<Cpu>("cpu");
        const { microseconds, rate } = await client.ask<Pick<Sample, "microseconds" | "rate">>(String(REQUESTS));
        const after = await server?.ask<Cpu>("cpu");
        const spent = before && after ? (after.microseconds - before.microseconds) / REQUESTS : undefined;
        if (turn > 0) samples.get(side)?.push({ microseconds, serverMicroseconds: spent, rate });
      }
    }
  } finally {
    for (const { client, server } of pairs) {
      await client.end();
      await server?.end();
    }
    libcoap.end();
  }
}

interface Cpu {
  readonly microseconds: number;
}

interface Pair {
  readonly side: Side;
  readonly client: Child;
  readonly server: Child | undefined;
}

async function startPair(side: Side, libcoapPort: number): Promise<Pair> {
  const [clientName, serverName] = SIDES[side];
  const server = serverName === "libcoap" ? undefined : startChild("coap-udp/server.ts", [serverName]);
  const port = server === undefined ? libcoapPort : (await server.ask<{ readonly port: number }>("listen")).port;
  const path = server === undefined ? "" : "hello";
  return { side, client: startChild("coap-udp/client.ts", [clientName, String(port), path]), server };
}

/** `coap-server` of Debian's libcoap3-bin; its root resource answers by a text of about as many bytes. */
async function startLibcoap(): Promise<{ readonly port: number; readonly end: () => void }> {
  const port = await unusedPort();
  const server = spawn("coap-server-gnutls", ["-A", "127.0.0.1", "-p", String(port), "-v", "0"], { stdio: "ignore" });
  await new Promise((resolve, reject) => {
    server.once("spawn", resolve);
    server.once("error", reject);
  });
  return { port, end: () => server.kill() };
}

/** It listens on TCP by the same number. */
async function unusedPort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
