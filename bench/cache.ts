import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchClaim, BenchResult } from "./result.ts";

const WARM_UP = 3_000;
const REQUESTS = 10_000;
const ROUNDS = 5;
const RESPONSES = 500;
const LARGE_BYTES = 100 * 1024 * 1024;

/**
 * CPU time of a cache hit, 1 KiB of JSON among 500 responses: the median of five rounds, one request at a time. And a
 * body of 100 MiB, stored in SQLite and read from there: how much memory that takes.
 */
export async function run(): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  try {
    const memory = await measure({}, origin);
    const disk = await measure({ store: `sqlite:${join(directory, "network.db")}` }, origin);
    const largeMegabytes = await large(`sqlite:${join(directory, "large.db")}`, origin);
    return {
      name: "cache",
      claims: [
        claim("CPU time of a hit from memory, request", median(memory.request), "µs", 20),
        claim("CPU time of a hit from memory, fetch", median(memory.fetch), "µs", 20),
        claim("CPU time of a hit from SQLite, request", median(disk.request), "µs", 200),
        claim("CPU time of a hit from SQLite, fetch", median(disk.fetch), "µs", 200),
        claim("memory for storing 100 MiB in SQLite and reading it", largeMegabytes, "MiB", 64),
      ],
      details: { memory, disk },
    };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const answer: RequestListener = (request, response) => {
  if (request.url === "/large") {
    response.writeHead(200, { "cache-control": "max-age=3600", "content-length": String(LARGE_BYTES) });
    const piece = Buffer.alloc(64 * 1024);
    let sent = 0;
    const more = (): void => {
      while (sent < LARGE_BYTES) {
        sent += piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on("drain", more);
    more();
    return;
  }
  const body = JSON.stringify({ text: "x".repeat(1_000) });
  response
    .writeHead(200, {
      "content-type": "application/json",
      "cache-control": "max-age=3600",
      etag: `"${String(request.url)}"`,
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      "content-length": String(body.length),
    })
    .end(body);
};

interface Rounds {
  readonly request: readonly number[];
  readonly fetch: readonly number[];
}

async function measure(options: { readonly store?: string }, origin: string): Promise<Rounds> {
  await using manager = await openNetworkAccessManager(options);
  const urls = Array.from({ length: RESPONSES }, (_, index) => `${origin}/${String(index)}`);
  for (const url of urls) await (await manager.request(url)).bytes();
  const ways = {
    request: async (url: string): Promise<unknown> => (await manager.request(url)).bytes(),
    fetch: async (url: string): Promise<unknown> => (await manager.fetch(url)).text(),
  };
  return { request: await rounds(ways.request, urls), fetch: await rounds(ways.fetch, urls) };
}

async function rounds(ask: (url: string) => Promise<unknown>, urls: readonly string[]): Promise<number[]> {
  const times = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await ask(urls[(index * 7) % urls.length] ?? "");
  };
  await times(WARM_UP);
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await times(REQUESTS);
    const { user, system } = process.cpuUsage(before);
    found.push((user + system) / REQUESTS);
  }
  return found;
}

/** The most that memory grows over what a first, uncounted exchange left, in MiB. */
async function large(store: string, origin: string): Promise<number> {
  await using manager: NetworkAccessManager = await openNetworkAccessManager({
    store,
    cache: { maxBytes: 4 * LARGE_BYTES, maxResponseBytes: LARGE_BYTES },
  });
  const read = async (): Promise<number> => {
    let most = 0;
    const reply = await manager.request(`${origin}/large`);
    for await (const chunk of reply) {
      most = Math.max(most, chunk.length, process.memoryUsage.rss());
    }
    return most;
  };
  await read();
  manager.cache?.clear();
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const stored = await read();
  const again = await read();
  return Math.max(0, stored - before, again - before) / 1024 / 1024;
}

function claim(what: string, value: number, unit: string, limit: number): BenchClaim {
  return { what, value: Number(value.toFixed(1)), unit, limit, holds: value <= limit };
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
