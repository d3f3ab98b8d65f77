import { createServer } from "node:net";
import { ConnectionLog, type NextNumber } from "../connection-log.ts";
import type { HttpServiceOptions } from "../http-service.ts";
import { planHttpOver, planHttpsOver } from "./http.ts";
import type { ListenerPlan } from "./listener.ts";
import type { Authorities, SecureListenerEntry } from "./secure-listeners.ts";

/** The first byte of a TLS record that carries a handshake. RFC 8446 section 5.1. */
const HANDSHAKE_RECORD = 22;

/**
 * Plans a listener that speaks HTTP/1.1 in the clear or over TLS, as the first byte asks: what HSTS needs, which keeps
 * any port but 80 where it is.
 */
export async function planEither(
  entry: SecureListenerEntry,
  authorities: Authorities,
  nextNumber: NextNumber,
  options: HttpServiceOptions,
): Promise<ListenerPlan> {
  const connections = new ConnectionLog(nextNumber);
  const plain = planHttpOver(entry.name, connections, options);
  const secure = await planHttpsOver(entry, authorities, connections, options);
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once("data", (chunk: Buffer) => {
      socket.pause();
      socket.unshift(chunk);
      (chunk[0] === HANDSHAKE_RECORD ? secure : plain).emit("connection", socket);
      process.nextTick(() => {
        socket.resume();
      });
    });
  });
  return { name: entry.name, scheme: "http", does: entry.does, server, connections };
}
