import { openPreloadList, type PreloadList } from "@fairlead/hsts-preload";
import { isKnownHstsHost } from "@fairlead/http/hsts";
import { statSync } from "node:fs";
import { answer } from "../measuring/child.ts";

/** What one fresh process found. */
export interface ListSample {
  readonly names: number;
  readonly fileBytes: number;
  readonly openMilliseconds: number;
  readonly hitMicroseconds: number;
  readonly missMicroseconds: number;
  readonly hostMicroseconds: number;
  readonly residentMebibytes: number;
  readonly heldMebibytes: number;
}

const mebibyte = 1024 * 1024;
const file = new URL("../../packages/hsts-preload/data/hsts-preload.bin", import.meta.url);

answer(async () => measure());

function measure(): ListSample {
  const before = memory();
  const started = process.cpuUsage();
  const list = openPreloadList();
  const openMilliseconds = cpuMicroseconds(started) / 1000;
  // A few names before the rest are there: theirs is not the list's memory.
  for (let index = 0; index < 20_000; index++) list.find(`x${String(index % 100)}.dev`);
  const after = memory();
  const names = inNoOrder(list);
  const misses = names.map((name) => `x${name.slice(1)}`).filter((name) => list.find(name) === undefined);
  const hosts = names.slice(0, 50_000).map((_, index) => `www.host-${String(index)}.com`);
  return {
    names: list.size,
    fileBytes: statSync(file).size,
    openMilliseconds,
    hitMicroseconds: microseconds(names, (name) => list.find(name) !== undefined, true),
    missMicroseconds: microseconds(misses, (name) => list.find(name) !== undefined, false),
    hostMicroseconds: microseconds(hosts, (host) => isKnownHstsHost(host, (name) => list.find(name)), false),
    residentMebibytes: (after.resident - before.resident) / mebibyte,
    heldMebibytes: (after.held - before.held) / mebibyte,
  };
}

function memory(): { readonly resident: number; readonly held: number } {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, held: heapUsed + external };
}

/** All names, neighbours far from each other. */
function inNoOrder(list: PreloadList): string[] {
  const names = Array.from(list.entries(), ([host]) => host);
  return names.map((_, index) => names[(index * 7_919) % names.length] ?? "");
}

/** CPU time of one question, over all of them. */
function microseconds(names: readonly string[], ask: (name: string) => boolean, expected: boolean): number {
  let wrong = 0;
  const started = process.cpuUsage();
  for (const name of names) if (ask(name) !== expected) wrong++;
  const elapsed = cpuMicroseconds(started);
  if (wrong > 0) throw new Error(`${String(wrong)} wrong answers`);
  return elapsed / names.length;
}

function cpuMicroseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
