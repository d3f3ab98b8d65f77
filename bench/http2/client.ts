/** One side of the comparison, in a process of its own: warms up, then sends what its requests, or one download, cost. */
import { openNetworkAccessManager } from "@fairlead/access";
import { Agent, request } from "undici";

const [side = "", load = "", origin = "", ca = ""] = process.argv.slice(2);
const CONCURRENCY = 50;
const REQUESTS = 20_000;
const DOWNLOADS = 4;

/** Reads a body as it comes, and tells how long it is. */
type Ask = (path: string) => Promise<AsyncIterable<Uint8Array>>;

async function openSide(): Promise<{ readonly text: () => Promise<string>; readonly download: Ask }> {
  if (side === "undici.request") {
    // One connection, as the manager has.
    const dispatcher = new Agent({ allowH2: true, connections: 1, pipelining: 100, connect: { ca } });
    return {
      text: async () => (await request(origin, { dispatcher })).body.text(),
      download: async (path) => (await request(origin + path, { dispatcher })).body as AsyncIterable<Uint8Array>,
    };
  }
  const manager = await openNetworkAccessManager({ tls: { trust: { type: "anchors", certificates: [ca] } } });
  return {
    text: async () => (await manager.request(origin)).text(),
    download: async (path) => (await manager.request(origin + path)).stream() as AsyncIterable<Uint8Array>,
  };
}

const { text, download } = await openSide();

async function askMany(): Promise<void> {
  let left = REQUESTS;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const got = await text();
      if (got.length !== 1024) throw new Error(`got ${String(got.length)} bytes where 1024 were sent`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function downloadMany(): Promise<void> {
  for (let count = 0; count < DOWNLOADS; count += 1) {
    let length = 0;
    for await (const piece of await download("large")) length += piece.length;
    if (length !== 64 * 1024 * 1024) throw new Error(`got ${String(length)} bytes of a download`);
  }
}

const run = load === "requests" ? askMany : downloadMany;
await run();
const cpu = process.cpuUsage();
const started = performance.now();
await run();
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const count = load === "requests" ? REQUESTS : DOWNLOADS;
process.send?.({ microseconds: (user + system) / count, rate: count / seconds }, () => process.exit());
