import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";

const ROUNDS = 5;
const SIDES = ["manager.request", "undici.request"] as const;
const LOADS = ["requests", "downloads"] as const;

interface Sample {
  /** CPU time, user and system, of the client for one request or download. */
  readonly microseconds: number;
  /** Requests or downloads a second. */
  readonly rate: number;
}

/**
 * What HTTP/2 costs its client, over TLS 1.3, on one connection: a request for 1 KiB of JSON, 50 at once, every stage on;
 * and a body of 64 MiB read as it comes. Each sample is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const server = fork(path("http2/origin-server.ts"), { execArgv: process.execArgv });
  try {
    const { port, ca } = await message<{ port: number; ca: string }>(server);
    const samples = new Map<string, Sample[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const load of LOADS) {
        for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
          const args = [side, load, `https://127.0.0.1:${String(port)}/`, ca];
          const client = fork(path("http2/client.ts"), args, { execArgv: process.execArgv });
          const key = `${side} ${load}`;
          samples.set(key, [...(samples.get(key) ?? []), await message<Sample>(client)]);
        }
      }
    }
    return report(samples);
  } finally {
    server.disconnect();
  }
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): BenchResult {
  const of = (side: string, load: string, what: keyof Sample): readonly number[] =>
    (samples.get(`${side} ${load}`) ?? []).map((sample) => sample[what]);
  const cost = medianRatio(of(SIDES[0], "requests", "microseconds"), of(SIDES[1], "requests", "microseconds"));
  const speed = medianRatio(of(SIDES[0], "downloads", "rate"), of(SIDES[1], "downloads", "rate"));
  const [ours = 0, theirs = 0] = SIDES.map((side) => median(of(side, "downloads", "microseconds")) / 1_000);
  const cpuOfDownloads = `${String(Math.round(ours))} against ${String(Math.round(theirs))} ms`;
  const medians = Object.fromEntries(
    SIDES.flatMap((side) =>
      LOADS.map((load) => [
        `${side} ${load}`,
        { microseconds: median(of(side, load, "microseconds")), rate: median(of(side, load, "rate")) },
      ]),
    ),
  );
  return {
    name: "http2",
    claims: [
      {
        what: "CPU time of manager.request over undici.request, HTTP/2, 50 at once",
        value: rounded(cost),
        unit: "ratio",
        limit: 0.8,
        holds: cost <= 0.8,
      },
      {
        what: `rate of manager.request over undici.request, 64 MiB over HTTP/2; CPU ${cpuOfDownloads}`,
        value: rounded(speed),
        unit: "ratio",
        limit: 0.95,
        bound: "at least",
        holds: speed >= 0.95,
      },
    ],
    details: { rounds: ROUNDS, medians, samples: Object.fromEntries(samples) },
  };
}

/** The first message of a child; an error when it ends without one. */
function message<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once("message", (received) => {
      resolve(received as Message);
    });
    child.once("exit", (code) => {
      reject(new Error(`${child.spawnargs.join(" ")} exited with ${String(code)} before it said anything`));
    });
  });
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
