import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serve, type FetchHandler } from "@fairlead/server";
import { gateway, type Gateway, type GatewayWorkers } from "@fairlead/server/gateway";
import { answer } from "../measuring/child.ts";
import { hello } from "./handler.ts";

/** Argument: where the handler runs. Asked for anything, it tells its port and the CPU time of itself and its workers. */
const module = new URL("worker.ts", import.meta.url);
const script = fileURLToPath(new URL("worker.py", import.meta.url));
const places: Readonly<Record<string, GatewayWorkers | undefined>> = {
  "own process": undefined,
  "2 threads": { module, threads: true },
  "2 processes": { module },
  "2 Python processes": { command: ["python3", "-B", script] },
};

const workers = places[process.argv[2] ?? ""];
const app: Gateway | undefined = workers === undefined ? undefined : gateway({ workers });
const fetch: FetchHandler = app ?? hello;
const server = await serve({ fetch, host: "127.0.0.1" });

answer(async () => ({ port: server.port, cpuMicroseconds: ownMicroseconds() + workerMicroseconds() }));

function ownMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Of processes: user and system time in ticks of 10 ms, fields 14 and 15 of /proc/PID/stat. */
function workerMicroseconds(): number {
  return (app?.stats.workers ?? []).reduce((sum, { pid }) => {
    if (pid === undefined) return sum;
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}
