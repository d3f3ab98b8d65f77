import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Duplex, Readable } from "node:stream";
import { TransportError } from "@fairlead/core";
import { DESCRIPTOR_VARIABLE } from "../worker-end/worker-channel.ts";
import { workerEnvironment } from "./environment.ts";
import { readLines } from "./output-lines.ts";
import type { StartWorker, WorkerProcess } from "./worker-process.ts";

/** How a process is started. */
export interface ChildProcessOptions {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** What a worker process finds its server on. */
const DESCRIPTOR = 3;

/**
 * Workers that are processes: each has one end of a pair of sockets as its descriptor 3, so that it cannot outlive its
 * server without knowing. They lead process groups of their own: a terminal's Ctrl-C does not reach them before they have
 * answered what they have, and what a worker starts ends with it.
 */
export function childProcesses({ command, env, cwd }: ChildProcessOptions): StartWorker {
  return async (onLine) => {
    const [file = "", ...args] = command;
    const child = spawn(file, args, {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...workerEnvironment(env), [DESCRIPTOR_VARIABLE]: String(DESCRIPTOR) },
      cwd,
      detached: true,
    });
    const ended = endOf(child);
    try {
      await once(child, "spawn");
    } catch (cause) {
      throw new TransportError("WORKER_START_FAILED", { peer: file, cause });
    }
    const [, stdout, stderr, stream] = child.stdio;
    if (!(stdout instanceof Readable && stderr instanceof Readable && stream instanceof Duplex)) {
      throw new TransportError("WORKER_START_FAILED", { peer: file, detail: "its descriptors are no pipes" });
    }
    readLines(stdout, (line) => {
      onLine("stdout", line);
    });
    readLines(stderr, (line) => {
      onLine("stderr", line);
    });
    return asWorker(child, stream, ended);
  };
}

function asWorker(child: ChildProcess, stream: Duplex, ended: Promise<string>): WorkerProcess {
  const signal = (name: "SIGTERM" | "SIGKILL"): void => {
    const { pid, exitCode, signalCode } = child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, name);
    } catch {
      child.kill(name);
    }
  };
  return {
    stream,
    pid: child.pid,
    ended,
    terminate: () => {
      signal("SIGTERM");
    },
    kill: () => {
      signal("SIGKILL");
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", ({ message }) => {
      resolve(message);
    });
    child.once("exit", (code, signal) => {
      resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
    });
  });
}
