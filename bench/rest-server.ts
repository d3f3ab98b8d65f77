import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";
import { order } from "./rest-server/order.ts";
import { sides, type RestSide } from "./rest-server/sides.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
const seconds = Number(process.env["BENCH_SECONDS"] ?? 3);
const connections = 50;
const body = JSON.stringify(order);

interface Sample {
  /** CPU time of the server, user and system, for one request. */
  readonly microseconds: number;
  /** Requests a second. */
  readonly rate: number;
}

/**
 * What a contract costs its server: an order of about 1 KiB of JSON is checked, and so is the receipt that it is answered
 * with, of the same size. By zod here and in Hono (with its validator, on its adapter for Node.js), by JSON Schema in
 * Fastify. 50 connections that are kept, asked as fast as they are answered. Each sample is a fresh process; the sides
 * take turns.
 */
export async function run(): Promise<BenchResult> {
  const samples: Record<RestSide, Sample[]> = { fairlead: [], fastify: [], hono: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) samples[side].push(await sample(side));
  }
  return report(samples);
}

async function sample(side: RestSide): Promise<Sample> {
  const server = startChild("rest-server/server.ts", [side]);
  try {
    const url = `http://127.0.0.1:${String(await server.ask<number>("port"))}/orders`;
    await checkAnswer(url);
    await load(url, 1);
    const before = await server.ask<number>("cpu");
    const { requests, rate } = await load(url, seconds);
    return { microseconds: ((await server.ask<number>("cpu")) - before) / requests, rate };
  } finally {
    await server.end();
  }
}

/** Nobody is fast by leaving something out. */
async function checkAnswer(url: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body });
  const receipt: unknown = await answer.json();
  if (JSON.stringify(receipt) !== JSON.stringify({ ...order, id: 7 })) throw new Error("that is another receipt");
  const refused = await fetch(url, { method: "POST", headers, body: JSON.stringify({ ...order, lines: [{}] }) });
  if (refused.status < 400) throw new Error("an order that is none was taken");
}

const execute = promisify(execFile);
const script = fileURLToPath(new URL("./rest-server/post.lua", import.meta.url));

async function load(url: string, duration: number): Promise<{ readonly requests: number; readonly rate: number }> {
  const args = ["-t", "1", "-c", String(connections), "-d", `${String(duration)}s`, "-s", script, url];
  const { stdout } = await execute("wrk", args, { env: { ...process.env, BODY: body } });
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`requests have failed: ${stdout}`);
  const [, requests] = /(\d+) requests in/.exec(stdout) ?? [];
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  return { requests: Number(requests), rate: Number(rate) };
}

function report(samples: Readonly<Record<RestSide, readonly Sample[]>>): BenchResult {
  const costs = (side: RestSide): readonly number[] => samples[side].map(({ microseconds }) => microseconds);
  const rates = (side: RestSide): readonly number[] => samples[side].map(({ rate }) => rate);
  const figures = (side: RestSide): string =>
    `${rounded(median(costs(side))).toString()} µs, ${String(Math.round(median(rates(side))))}/s`;
  const others = ["fastify", "hono"] as const;
  const claims = others.map((other): BenchClaim => {
    const value = rounded(medianRatio(rates("fairlead"), rates(other)));
    const what = `requests a second of a contract over ${other}, 1 KiB of JSON each way (${figures("fairlead")} against ${figures(other)})`;
    return { what, value, unit: "ratio", limit: 0.9, bound: "at least", holds: value >= 0.9 };
  });
  return { name: "rest-server", claims, details: { rounds, seconds, connections, octets: body.length, samples } };
}
