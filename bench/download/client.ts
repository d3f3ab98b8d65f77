/** One side, in a process of its own: downloads, and answers with what that took. */
import { openNetworkAccessManager } from "@fairlead/access";
import { Agent, fetch, request } from "undici";
import { answer } from "../measuring/child.ts";

const [side = "", url = ""] = process.argv.slice(2);
const downloads = 6;

/** Makes one request, and gives its body as it comes. */
type Open = () => Promise<AsyncIterable<Uint8Array>>;

async function open(): Promise<Open> {
  if (side.startsWith("undici")) {
    const dispatcher = new Agent();
    return side === "undici.request"
      ? async () => (await request(url, { dispatcher })).body
      : async () => bodyOf(await fetch(url, { dispatcher }));
  }
  const manager = await openNetworkAccessManager();
  return side === "manager.request"
    ? async () => (await manager.request(url)).stream()
    : async () => bodyOf(await manager.fetch(url));
}

function bodyOf({ body }: { readonly body: unknown }): AsyncIterable<Uint8Array> {
  if (body === null) throw new Error("there is a body");
  // undici's own, and the runtime's.
  return body as AsyncIterable<Uint8Array>;
}

async function download(start: Open): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of await start()) sizeBytes += chunk.length;
  return sizeBytes;
}

answer(async () => {
  const start = await open();
  await download(start);
  await download(start);
  const cpu = process.cpuUsage();
  const started = performance.now();
  let sizeBytes = 0;
  for (let left = downloads; left > 0; left -= 1) sizeBytes += await download(start);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: sizeBytes / seconds / 1e6, cpu: ((user + system) / 1e6 / sizeBytes) * 1024 ** 3 };
});
