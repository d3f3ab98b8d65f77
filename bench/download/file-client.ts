/** One side, in a process of its own: downloads to a file, and answers with what that took. */
import { openNetworkAccessManager } from "@fairlead/access";
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Agent, request } from "undici";
import { answer } from "../measuring/child.ts";

const [side = "", url = "", ca = ""] = process.argv.slice(2);
const downloads = 6;
const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));

/** Brings the file to a path. */
type Download = (path: string) => Promise<unknown>;

async function openSide(): Promise<Download> {
  if (side === "manager.download") {
    const manager = await openNetworkAccessManager({ tls: { trust: { type: "anchors", certificates: [ca] } } });
    return (path) => manager.download(url, path);
  }
  const dispatcher = new Agent({ connect: { ca } });
  const stream: Download = async (path) => pipeline((await request(url, { dispatcher })).body, createWriteStream(path));
  if (side === "undici.request") return stream;
  // What it takes to be whole after a power cut, too.
  return async (path) => {
    await stream(`${path}.part`);
    const file = await open(`${path}.part`);
    await file.datasync();
    await file.close();
    await rename(`${path}.part`, path);
  };
}

answer(async () => {
  const download = await openSide();
  const path = join(folder, "file");
  const once = async (): Promise<number> => {
    await rm(path, { force: true });
    const cpu = process.cpuUsage();
    const started = performance.now();
    await download(path);
    seconds += (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds += (user + system) / 1e6;
    return (await stat(path)).size;
  };
  let seconds = 0;
  let cpuSeconds = 0;
  await once();
  await once();
  seconds = 0;
  cpuSeconds = 0;
  let sizeBytes = 0;
  for (let left = downloads; left > 0; left -= 1) sizeBytes += await once();
  await rm(folder, { recursive: true });
  return { rate: sizeBytes / seconds / 1e6, cpu: (cpuSeconds / sizeBytes) * 1024 ** 3 };
});
