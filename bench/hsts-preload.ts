import { startChild } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { ListSample } from "./hsts-preload/list-process.ts";
import type { BenchClaim, BenchResult } from "./result.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 9);

/**
 * The HSTS preload list in fresh processes: opening it, asking it for names in no order, and what all of that adds to the
 * memory of the process, compiled code included. Medians; a look-up that finds is of each of the names once.
 */
export async function run(): Promise<BenchResult> {
  const samples: ListSample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const child = startChild("hsts-preload/list-process.ts", []);
    samples.push(await child.ask<ListSample>("measure"));
    await child.end();
  }
  const claim = (what: string, of: (sample: ListSample) => number, unit: string, limit: number): BenchClaim => {
    const value = rounded(median(samples.map(of)));
    return { what, value, unit, limit, holds: value <= limit };
  };
  const [first] = samples;
  if (first === undefined) throw new RangeError("BENCH_ROUNDS is 1 at least");
  const size = `${String(first.names)} names, ${String(first.fileBytes)} bytes`;
  return {
    name: "hsts-preload",
    claims: [
      claim(`CPU time of opening the HSTS preload list (${size})`, (sample) => sample.openMilliseconds, "ms", 10),
      claim("CPU time of looking up a name that is listed", (sample) => sample.hitMicroseconds, "µs", 2),
      claim("CPU time of looking up a name that is not", (sample) => sample.missMicroseconds, "µs", 2),
      claim(
        "CPU time of finding out that a host of three labels is not known",
        (sample) => sample.hostMicroseconds,
        "µs",
        6,
      ),
      claim("memory of the process for it, after all of that", (sample) => sample.residentMebibytes, "MiB", 8),
      claim("memory that it holds: file, index, objects", (sample) => sample.heldMebibytes, "MiB", 8),
    ],
    details: { rounds, samples },
  };
}
