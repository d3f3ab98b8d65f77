import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startChild } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";
import type { Travelled } from "./start-up/far-server.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
const execute = promisify(execFile);
const folder = join(import.meta.dirname, "start-up");

/** Who fetches, and in how many journeys there and back, TCP's included, where a number is to be reached. */
const sides = [
  { side: "node", what: "fairlead", roundTrips: 3 },
  { side: "openssl", what: "fairlead over openssl with early data", roundTrips: 2 },
  { side: "undici.fetch", what: "undici.fetch", roundTrips: undefined },
  { side: "curl", what: "curl", roundTrips: undefined },
  { side: "curl --hsts", what: "curl with HSTS remembered", roundTrips: undefined },
] as const;

const importLimit = 25;

interface Sample {
  readonly milliseconds: number;
  readonly roundTrips: number;
}

/** What a process says of its response. */
interface Arrival {
  /** From the process's beginning until it had the body. */
  readonly milliseconds: number;
}

interface FarServer {
  readonly port: number;
  readonly ca: string;
  readonly travelled: Travelled;
}

/**
 * A fresh process fetches one http:// URL of a site that is 50 ms away, there and back, and that it has been to before:
 * Fairlead's store knows HSTS and has tickets. The time is that of the whole process. Packages are used as they are built.
 */
export async function run(): Promise<BenchResult> {
  execFileSync(process.execPath, [join(folder, "../../scripts/run.mjs"), "scripts/build.ts"], {
    cwd: join(folder, "../.."),
    stdio: "ignore",
  });
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-start-up-"));
  const server = startChild("start-up/far-server.ts", []);
  const samples = new Map<string, Sample[]>();
  try {
    const { port, ca } = await server.ask<FarServer>({});
    const client = new Client(server, port, ca, scratch);
    for (let round = 0; round < rounds; round += 1) {
      for (const { side } of round % 2 === 0 ? sides : sides.toReversed()) {
        samples.set(side, [...(samples.get(side) ?? []), await client.fetch(side)]);
      }
    }
  } finally {
    await server.end();
    rmSync(scratch, { recursive: true, force: true });
  }
  return report(samples, await importTimes());
}

/** Makes processes fetch, each with a store of its own that has been to the site before. */
class Client {
  readonly #server: ReturnType<typeof startChild>;
  readonly #port: number;
  readonly #ca: string;
  readonly #scratch: string;
  #stores = 0;

  constructor(server: ReturnType<typeof startChild>, port: number, ca: string, scratch: string) {
    this.#server = server;
    this.#port = port;
    this.#ca = ca;
    this.#scratch = scratch;
  }

  async fetch(side: string): Promise<Sample> {
    this.#stores += 1;
    const store = join(this.#scratch, String(this.#stores));
    const host = `localhost:${String(this.#port)}`;
    if (side === "node" || side === "openssl") {
      await this.#node(side, `https://${host}/hsts?value=max-age%3D1000`, store, { BENCH_TEACHES: "1" });
    }
    if (side === "curl --hsts") await this.#curl(`https://${host}/hsts?value=max-age%3D1000`, ["--hsts", store]);
    await this.#server.ask<FarServer>({});
    const url = `http://${host}/json`;
    const { milliseconds } = side.startsWith("curl")
      ? await this.#curl(url, side === "curl" ? ["--location"] : ["--hsts", store])
      : (JSON.parse(await this.#node(side, url, store)) as Arrival);
    const { travelled } = await this.#server.ask<FarServer>({});
    return { milliseconds, roundTrips: travelled.roundTrips };
  }

  async #node(side: string, url: string, store: string, settings: Record<string, string> = {}): Promise<string> {
    const args = [join(folder, "client.mjs"), side, url, `sqlite:${store}`, this.#ca];
    const { stdout } = await execute(process.execPath, args, { env: { ...process.env, ...settings } });
    return stdout;
  }

  async #curl(url: string, options: readonly string[]): Promise<Arrival> {
    const started = performance.now();
    await execute("curl", ["--silent", "--insecure", "--output", "/dev/null", ...options, url]);
    return { milliseconds: performance.now() - started };
  }
}

/** Wall time, without other processes beside it. */
async function importTimes(): Promise<Readonly<Record<"fairlead" | "undici", readonly number[]>>> {
  const times = { fairlead: [] as number[], undici: [] as number[] };
  for (let round = 0; round < rounds * 2; round += 1) {
    for (const name of ["fairlead", "undici"] as const) {
      const { stdout } = await execute(process.execPath, [join(folder, "import.mjs"), name]);
      times[name].push((JSON.parse(stdout) as { milliseconds: number }).milliseconds);
    }
  }
  return times;
}

function report(
  samples: ReadonlyMap<string, readonly Sample[]>,
  imports: Readonly<Record<"fairlead" | "undici", readonly number[]>>,
): BenchResult {
  const of = (side: string, fact: keyof Sample): number => median(samples.get(side)?.map((one) => one[fact]) ?? []);
  const journeys = sides.flatMap(({ side, what, roundTrips: limit }): readonly BenchClaim[] => {
    if (limit === undefined) return [];
    const value = of(side, "roundTrips");
    const clause = `round trips of a fresh process to a known site, TCP's included, ${what}`;
    const figures = `${String(Math.round(of(side, "milliseconds")))} ms`;
    return [{ what: `${clause} (${figures})`, value, unit: "", limit, holds: value <= limit }];
  });
  const slowest = of("node", "milliseconds");
  const others = sides.slice(2).map(({ side, what }): BenchClaim => {
    const value = rounded(slowest / of(side, "milliseconds"));
    const figures = `${String(Math.round(of(side, "milliseconds")))} ms, ${String(of(side, "roundTrips"))} round trips`;
    const clause = `time of a fresh process to a known site, fairlead over ${what} (${figures})`;
    return { what: clause, value, unit: "ratio", limit: 1, holds: value <= 1 };
  });
  const importing = rounded(median(imports.fairlead));
  const importClaim: BenchClaim = {
    what: `importing fairlead as it is built (undici: ${String(rounded(median(imports.undici)))} ms)`,
    value: importing,
    unit: "ms",
    limit: importLimit,
    holds: importing <= importLimit,
  };
  return {
    name: "start-up",
    claims: [...journeys, ...others, importClaim],
    details: { rounds, samples: Object.fromEntries(samples), imports },
  };
}
