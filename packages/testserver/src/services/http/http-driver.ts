import { createServer } from "node:http";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** Serves all endpoints by HTTP/1.1, in the clear. */
export function openHttp(network: NetworkContext, { name, connections }: ServiceSelf): StreamDriver {
  const service = network.serveHttp({ name, scheme: "http", connections });
  const server = createServer(service.onRequest)
    .on("upgrade", service.onUpgrade)
    .on("checkContinue", service.onCheckContinue);
  return { accept: (socket) => server.emit("connection", socket) };
}
