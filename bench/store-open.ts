import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Collection, type Store } from "@fairlead/store";

/** One thing that is promised, and what was measured. */
interface Claim {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
  readonly holds: boolean;
}

const records = 100_000;
const opens = 7;
const bound = { maxEntries: records, secret: false };

/**
 * Opening an SQLite store with 100,000 HSTS records and looking up in it, each the median of seven fresh opens in this
 * process: the first look-up of a record decodes it, a later one does not.
 */
export async function run(): Promise<{
  readonly name: string;
  readonly claims: readonly Claim[];
  readonly opens: readonly number[];
}> {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  try {
    const url = `sqlite:${join(directory, "store.db")}`;
    await fill(url);
    const rounds: Round[] = [];
    for (let round = 0; round < opens; round++) rounds.push(await measure(url));
    const openMilliseconds = rounds.map((round) => round.openMilliseconds);
    return {
      name: "store-open",
      claims: [
        claim("open an SQLite store with 100,000 HSTS records", median(openMilliseconds), "ms", 300),
        claim(
          "look up a record for the first time",
          median(rounds.map((round) => round.firstNanoseconds)),
          "ns",
          2_000,
        ),
        claim("look up a record again", median(rounds.map((round) => round.againNanoseconds)), "ns", 2_000),
        claim("look up a host that is not there", median(rounds.map((round) => round.absentNanoseconds)), "ns", 2_000),
      ],
      opens: openMilliseconds.map((milliseconds) => Number(milliseconds.toFixed(1))),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Round {
  readonly openMilliseconds: number;
  readonly firstNanoseconds: number;
  readonly againNanoseconds: number;
  readonly absentNanoseconds: number;
}

async function fill(url: string): Promise<void> {
  await using store = await openStore(url);
  const hsts = store.collection("hsts", bound);
  const expiresAt = Date.now() + 31_536_000_000;
  for (let index = 0; index < records; index++) {
    const value = JSON.stringify({ includeSubDomains: index % 2 === 0, observedAt: expiresAt - index });
    hsts.set(host(index), Buffer.from(value), { expiresAt: expiresAt + index });
  }
}

async function measure(url: string): Promise<Round> {
  const started = performance.now();
  const store: Store = await openStore(url);
  const hsts = store.collection("hsts", bound);
  const openMilliseconds = performance.now() - started;
  if (hsts.size !== records) throw new Error(`${String(hsts.size)} records`);
  // In an order that is not the one of writing.
  const present = Array.from({ length: 10_000 }, (_, index) => host((index * 7_919) % records));
  const absent = present.map((name) => `not.${name}`);
  const round = {
    openMilliseconds,
    firstNanoseconds: lookUp(hsts, present, true),
    againNanoseconds: lookUp(hsts, present, true),
    absentNanoseconds: lookUp(hsts, absent, false),
  };
  await store.close();
  return round;
}

/** @returns nanoseconds a look-up. */
function lookUp(hsts: Collection, hosts: readonly string[], expected: boolean): number {
  let found = 0;
  const started = performance.now();
  for (const name of hosts) if (hsts.get(name) !== undefined) found++;
  const nanoseconds = ((performance.now() - started) * 1e6) / hosts.length;
  if (found !== (expected ? hosts.length : 0)) throw new Error(`${String(found)} found`);
  return nanoseconds;
}

function host(index: number): string {
  return `host-${String(index)}.site-${String(index % 997)}.example`;
}

function claim(what: string, value: number, unit: string, limit: number): Claim {
  return { what, value: Math.round(value), unit, limit, holds: value < limit };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), undefined, 2)}\n`);
