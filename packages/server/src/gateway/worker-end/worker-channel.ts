import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isMainThread, MessagePort, workerData } from "node:worker_threads";
import { UsageError } from "@fairlead/core";
import { messageStream } from "../workers/message-stream.ts";

/** Names the descriptor that a worker process speaks to its server on. */
export const DESCRIPTOR_VARIABLE = "FAIRLEAD_GATEWAY_FD";

/** The key of a worker thread's data whose value is the port to its server. */
export const PORT_KEY = "fairleadGateway";

/**
 * The stream to the server that has started this process, or this thread.
 *
 * @throws UsageError OPTION_INVALID when no gateway has.
 */
export function openWorkerChannel(): Duplex {
  const data: unknown = workerData;
  if (!isMainThread && typeof data === "object" && data !== null && PORT_KEY in data) {
    const port = data[PORT_KEY];
    if (port instanceof MessagePort) return messageStream(port);
  }
  const descriptor = process.env[DESCRIPTOR_VARIABLE];
  if (descriptor !== undefined && /^[0-9]{1,5}$/.test(descriptor)) return new Socket({ fd: Number(descriptor) });
  throw new UsageError("OPTION_INVALID", {
    detail: "no gateway has started this program",
    remedy: "start it by a gateway's `workers`, or give serveGateway a `path` to listen on",
  });
}
