import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { Pool } from "undici";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { Standing } from "./relay/process.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const seconds = 10;
const perSecond = 1_000;
const concurrency = 50;

/** What stands between the client and a server that answers with 1 KiB. */
const sides = ["relay", "haproxy"] as const;

/** A test network's own http service, whose answers are made by an endpoint. */
const networks = ["network", "network, heeding"] as const;

interface Sample {
  /** CPU time of the process in the middle, in cores. */
  readonly cores: number;
  /** Requests that were answered. */
  readonly perSecond: number;
}

/** A process whose CPU time is known. */
interface Measured {
  readonly port: number;
  cpuMilliseconds(): Promise<number>;
  end(): Promise<void>;
}

/**
 * A relay without faults carries 1,000 requests a second, over 50 connections that stay open; so does HAProxy, which does
 * nothing else either. The same load on a test network tells what it costs to have faults act on open connections.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<string, Sample[]>();
  const server = await child("server");
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-relay-"));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of [...sides, ...networks]) {
        const measured =
          side === "haproxy" ? await haproxy(server.port, scratch) : await child(side, `127.0.0.1:${server.port}`);
        samples.set(side, [...(samples.get(side) ?? []), await load(measured)]);
        await measured.end();
      }
    }
  } finally {
    await server.end();
    rmSync(scratch, { recursive: true, force: true });
  }
  return report(samples);
}

async function child(role: string, ...args: readonly string[]): Promise<Measured> {
  const process = startChild("relay/process.ts", [role, ...args]);
  const { port } = await process.ask<Standing>({});
  return {
    port,
    cpuMilliseconds: async () => (await process.ask<Standing>({})).cpuMilliseconds,
    end: () => process.end(),
  };
}

async function haproxy(to: number, scratch: string): Promise<Measured> {
  const port = await freePort();
  const file = join(scratch, "haproxy.cfg");
  const times = ["connect 5s", "client 60s", "server 60s"].map((time) => `  timeout ${time}\n`).join("");
  writeFileSync(
    file,
    `global\n  nbthread 1\ndefaults\n  mode tcp\n${times}listen relay\n  bind 127.0.0.1:${port}\n  server s 127.0.0.1:${to}\n`,
  );
  const running: ChildProcess = spawn("haproxy", ["-f", file, "-db"], { stdio: "ignore" });
  while (!(await listens(port))) await pass(20);
  return {
    port,
    // User and system time are members 14 and 15, in ticks of which Linux has 100 a second; the second may hold spaces.
    cpuMilliseconds: async () => {
      const [, rest = ""] = readFileSync(`/proc/${running.pid ?? 0}/stat`, "utf8").split(") ");
      const members = rest.split(" ");
      return (Number(members[11]) + Number(members[12])) * 10;
    },
    end: async () => {
      const ended = once(running, "exit");
      running.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const known = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  socket.destroy();
  return known;
}

/** Asks 1,000 times a second, whether or not answers have come, first for a while that is not counted. */
async function load(measured: Measured): Promise<Sample> {
  const pool = new Pool(`http://127.0.0.1:${measured.port}`, { connections: concurrency, pipelining: 1 });
  await ask(pool, 2);
  const before = await measured.cpuMilliseconds();
  const started = performance.now();
  const answered = await ask(pool, seconds);
  const elapsed = performance.now() - started;
  const spent = (await measured.cpuMilliseconds()) - before;
  await pool.close();
  return { cores: spent / elapsed, perSecond: (answered / elapsed) * 1000 };
}

async function ask(pool: Pool, forSeconds: number): Promise<number> {
  const started = performance.now();
  const pending: Promise<unknown>[] = [];
  let answered = 0;
  for (let sent = 0; sent < perSecond * forSeconds; ) {
    const due = Math.min(perSecond * forSeconds, ((performance.now() - started) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      pending.push(
        pool.request({ path: "/bytes/1024", method: "GET" }).then(async ({ body }) => {
          await body.arrayBuffer();
          answered += 1;
        }),
      );
    }
    await pass(5);
  }
  await Promise.all(pending);
  return answered;
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): BenchResult {
  const of = (side: string, fact: keyof Sample): readonly number[] => (samples.get(side) ?? []).map((one) => one[fact]);
  const cores = rounded(median(of("relay", "cores")));
  const rate = Math.round(median(of("relay", "perSecond")));
  const others = `HAProxy ${rounded(median(of("haproxy", "cores")))}`;
  const heeding = rounded(medianRatio(of("network, heeding", "cores"), of("network", "cores")));
  const claims: readonly BenchClaim[] = [
    {
      what: `cores that a relay without faults takes for 1,000 requests a second (${others})`,
      ...{ value: cores, unit: "cores", limit: 1, holds: cores <= 1 },
    },
    {
      what: "requests a second that came through it, of 1,000",
      ...{ value: rate, unit: "/s", limit: 990, bound: "at least", holds: rate >= 990 },
    },
    {
      what: "CPU time of a test network for a request with faults on open connections, over without",
      ...{ value: heeding, unit: "ratio", holds: true },
    },
  ];
  return { name: "relay", claims, details: { rounds, seconds, samples: Object.fromEntries(samples) } };
}
