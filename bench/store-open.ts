import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Collection, type OpenStoreOptions, type Store } from "@fairlead/store";
import { median } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const records = 100_000;
const opens = 7;
const bound = { maxEntries: records, maxBytes: 64 * 1024 * 1024, secret: false };

/**
 * Opening an SQLite store with 100,000 HSTS records and looking up in it, each the median of seven fresh opens in this
 * process: the first look-up of a record decodes it, a later one does not.
 */
export async function run(): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  try {
    const rounds = await measureAll(`sqlite:${join(directory, "store.db")}`, {});
    const sealed = await measureAll(`sqlite:${join(directory, "sealed.db")}`, { key: new Uint8Array(32).fill(7) });
    const byTheClock = (of: readonly Round[]): string =>
      `${String(Math.round(median(of.map(({ openMilliseconds }) => openMilliseconds))))} ms by the clock`;
    const claim = (what: string, of: (round: Round) => number, unit: string, limit: number): BenchClaim => {
      const value = Math.round(median(rounds.map(of)));
      return { what, value, unit, limit, holds: value <= limit };
    };
    return {
      name: "store-open",
      claims: [
        claim(
          `CPU time of opening an SQLite store with 100,000 HSTS records (${byTheClock(rounds)})`,
          ({ openCpuMilliseconds }) => openCpuMilliseconds,
          "ms",
          100,
        ),
        claim("look up a record for the first time", ({ firstNanoseconds }) => firstNanoseconds, "ns", 2_000),
        claim("look up a record again", ({ againNanoseconds }) => againNanoseconds, "ns", 2_000),
        claim("look up a host that is not there", ({ absentNanoseconds }) => absentNanoseconds, "ns", 2_000),
        {
          what: `CPU time of opening the same, encrypted (${byTheClock(sealed)})`,
          value: Math.round(median(sealed.map(({ openCpuMilliseconds }) => openCpuMilliseconds))),
          unit: "ms",
          holds: true,
        },
      ],
      details: { rounds, sealed },
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Round {
  readonly openMilliseconds: number;
  readonly openCpuMilliseconds: number;
  readonly firstNanoseconds: number;
  readonly againNanoseconds: number;
  readonly absentNanoseconds: number;
}

async function measureAll(url: string, options: OpenStoreOptions): Promise<Round[]> {
  await fill(url, options);
  const rounds: Round[] = [];
  for (let round = 0; round < opens; round++) rounds.push(await measure(url, options));
  return rounds;
}

async function fill(url: string, options: OpenStoreOptions): Promise<void> {
  await using store = await openStore(url, options);
  const hsts = store.collection("hsts", bound);
  const expiresAt = Date.now() + 31_536_000_000;
  for (let index = 0; index < records; index++) {
    const value = JSON.stringify({ includeSubDomains: index % 2 === 0, observedAt: expiresAt - index });
    hsts.set(host(index), Buffer.from(value), { expiresAt: expiresAt + index });
  }
}

async function measure(url: string, options: OpenStoreOptions): Promise<Round> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const store: Store = await openStore(url, options);
  const hsts = store.collection("hsts", bound);
  const { user, system } = process.cpuUsage(cpu);
  const openMilliseconds = performance.now() - started;
  if (hsts.size !== records) throw new Error(`${String(hsts.size)} records`);
  // In an order that is not the one of writing.
  const present = Array.from({ length: 10_000 }, (_, index) => host((index * 7_919) % records));
  const absent = present.map((name) => `not.${name}`);
  const round = {
    openMilliseconds,
    openCpuMilliseconds: (user + system) / 1000,
    firstNanoseconds: lookUp(hsts, present, true),
    againNanoseconds: lookUp(hsts, present, true),
    absentNanoseconds: lookUp(hsts, absent, false),
  };
  await store.close();
  return round;
}

/** @returns nanoseconds of CPU time for a look-up. */
function lookUp(hsts: Collection, hosts: readonly string[], expected: boolean): number {
  let found = 0;
  const started = process.cpuUsage();
  for (const name of hosts) if (hsts.get(name) !== undefined) found++;
  const { user, system } = process.cpuUsage(started);
  if (found !== (expected ? hosts.length : 0)) throw new Error(`${String(found)} found`);
  return ((user + system) * 1000) / hosts.length;
}

function host(index: number): string {
  return `host-${String(index)}.site-${String(index % 997)}.example`;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), undefined, 2)}\n`);
