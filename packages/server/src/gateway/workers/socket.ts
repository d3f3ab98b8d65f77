import { once } from "node:events";
import { connectUnix } from "@fairlead/transport";
import type { StartWorker } from "./worker-process.ts";

/** Workers that somebody else has started, behind a Unix socket: each connection is one. */
export function socketWorkers(path: string): StartWorker {
  return async () => {
    const stream = await connectUnix({ path });
    const end = (): void => {
      stream.destroy();
    };
    const ended = once(stream, "close").then(
      () => "its connection ended",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return { stream, pid: undefined, ended, terminate: end, kill: end };
  };
}
