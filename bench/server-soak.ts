import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { startChild, type Child } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";
import { roughClients } from "./server-soak/rough-clients.ts";
import type { SoakFigures } from "./server-soak/server.ts";

/** `SOAK_MINUTES=2` for a look. */
const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 10);
const SAMPLES = 60;
const MEBIBYTE = 1_048_576;

/**
 * A server under load, plain and over TLS, HTTP/1.1 and HTTP/2, by clients that ask on and on and by others that come, leave
 * in the middle, and break rules: nothing fails that may not, and its memory stays what it is. The first quarter of the time
 * is for what is built once.
 */
export async function run(): Promise<BenchResult> {
  const server = startChild("server-soak/server.ts", []);
  try {
    const before = await server.ask<SoakFigures>("figures");
    const seconds = Math.round(MINUTES * 60);
    const { port, tlsPort } = before;
    const time = AbortSignal.timeout(seconds * 1_000);
    const steady = [
      ["wrk", "-t1", "-c32", `-d${String(seconds)}s`, `http://127.0.0.1:${String(port)}/`],
      ["h2load", "-c8", "-m8", "-t1", "-D", String(seconds), `https://127.0.0.1:${String(tlsPort)}/`],
    ] as const;
    const [samples, rough, wrk, h2load] = await Promise.all([
      sample(server, seconds, time),
      roughClients({ port, tlsPort }, 4, time),
      ...steady.map(([command, ...args]) => output(command, args)),
    ]);
    await delay(3_000);
    const after = await server.ask<SoakFigures>("figures");
    return report({ before, samples, after, rough, wrk, h2load });
  } finally {
    await server.end();
  }
}

interface Soaked {
  readonly before: SoakFigures;
  readonly samples: readonly SoakFigures[];
  readonly after: SoakFigures;
  readonly rough: Awaited<ReturnType<typeof roughClients>>;
  readonly wrk: string | undefined;
  readonly h2load: string | undefined;
}

function report({ before, samples, after, rough, wrk = "", h2load = "" }: Soaked): BenchResult {
  const quarter = Math.floor(samples.length / 4);
  const growth = (what: "heap" | "resident"): number => {
    const early = median(samples.slice(quarter, 2 * quarter).map((figures) => figures[what]));
    const late = median(samples.slice(-quarter).map((figures) => figures[what]));
    return late / early;
  };
  const requests = Number(/(\d+) requests in/.exec(wrk)?.[1] ?? 0);
  const streams = Number(/(\d+) succeeded/.exec(h2load)?.[1] ?? 0);
  const failed = Number(/(\d+) failed/.exec(h2load)?.[1] ?? Number.NaN);
  const unanswered = rough.surprises.length + failed + countOf(/Socket errors.*/, wrk) + countOf(/Non-2xx.*/, wrk);
  const rest = after.connections + after.requests;
  const visits = Object.values(rough.done).reduce((sum, count) => sum + count, 0);
  const [heap, resident] = [growth("heap"), growth("resident")];
  const at = (figures: SoakFigures | undefined): string => String(Math.round((figures?.resident ?? 0) / MEBIBYTE));
  return {
    name: "server-soak",
    claims: [
      {
        what: `heap of a server in the last quarter of ${String(MINUTES)} minutes under load over that in the second`,
        value: rounded(heap),
        unit: "ratio",
        limit: 1.1,
        holds: heap <= 1.1,
      },
      {
        what: `its resident memory likewise (${at(before)} MiB at first, ${at(samples.at(-1))} at last)`,
        value: rounded(resident),
        unit: "ratio",
        limit: 1.1,
        holds: resident <= 1.1,
      },
      {
        what: `what failed of ${String(requests)} requests, ${String(streams)} streams and ${String(visits)} rough visits`,
        value: unanswered,
        unit: "",
        limit: 0,
        holds: unanswered === 0,
      },
      {
        what: "connections and requests that are left when all clients are gone",
        value: rest,
        unit: "",
        limit: 0,
        holds: rest === 0,
      },
    ],
    details: { minutes: MINUTES, before, after, rough, wrk, h2load, samples },
  };
}

/** The figures of a line that is there only when something failed, together. */
function countOf(line: RegExp, output: string): number {
  const counts = (line.exec(output)?.[0] ?? "").matchAll(/(\d+)(?!xx)/g);
  return Array.from(counts, ([count]) => Number(count)).reduce((sum, count) => sum + count, 0);
}

async function sample(server: Child, seconds: number, time: AbortSignal): Promise<readonly SoakFigures[]> {
  const samples: SoakFigures[] = [];
  for (;;) {
    await delay((seconds * 1_000) / SAMPLES);
    if (time.aborted) return samples;
    samples.push(await server.ask<SoakFigures>("figures"));
  }
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  return said;
}
