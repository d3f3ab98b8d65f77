import { once } from "node:events";
import { MessageChannel, type ResourceLimits, Worker } from "node:worker_threads";
import { TransportError } from "@fairlead/core";
import { PORT_KEY } from "../worker-end/worker-channel.ts";
import { workerEnvironment } from "./environment.ts";
import { messageStream } from "./message-stream.ts";
import { readLines } from "./output-lines.ts";
import type { StartWorker } from "./worker-process.ts";

/** How a thread is started. */
export interface ThreadOptions {
  readonly module: URL;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A thread that takes more of its heap ends by itself. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** Workers that are threads of this process. */
export function threads({ module, env, resourceLimits }: ThreadOptions): StartWorker {
  return async (onLine) => {
    const { port1: ours, port2: theirs } = new MessageChannel();
    const thread = new Worker(module, {
      workerData: { [PORT_KEY]: theirs },
      transferList: [theirs],
      env: workerEnvironment(env),
      stdout: true,
      stderr: true,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    const stream = messageStream(ours);
    const ended = new Promise<string>((resolve) => {
      let failure: string | undefined;
      thread.once("error", (error: unknown) => {
        failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
        for (const line of failure.split("\n")) onLine("stderr", line);
      });
      // Its last messages may come after this: the stream ends behind them, with its port.
      thread.once("exit", (code) => {
        resolve(failure === undefined ? `exit code ${code}` : "an uncaught error");
      });
    });
    readLines(thread.stdout, (line) => {
      onLine("stdout", line);
    });
    readLines(thread.stderr, (line) => {
      onLine("stderr", line);
    });
    const end = (): void => {
      void thread.terminate();
    };
    try {
      await once(thread, "online");
    } catch (cause) {
      throw new TransportError("WORKER_START_FAILED", { peer: module.href, cause });
    }
    return { stream, pid: undefined, ended, terminate: end, kill: end };
  };
}
