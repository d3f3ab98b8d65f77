import { createServer, type Socket } from "node:net";
import { ConnectionLog, type NextNumber } from "../connection-log.ts";
import type { ListenerPlan } from "./listener.ts";

/** One listener below HTTP and TLS. */
interface TcpListenerEntry {
  readonly name: string;
  /** One line that begins with a verb. */
  readonly does: string;
  readonly serve: (socket: Socket) => void;
}

/** All listeners that speak neither HTTP nor TLS. */
export const tcpListeners = [
  {
    name: "tcp-echo",
    does: "greets with a line of text, then sends back what it gets; speaks no TLS",
    serve: (socket) => {
      socket.write("220 this port speaks neither TLS nor HTTP\r\n");
      socket.pipe(socket);
    },
  },
  {
    name: "tcp-silent",
    does: "accepts, reads, and never answers",
    serve: (socket) => socket.resume(),
  },
  {
    name: "tcp-close",
    does: "accepts and closes at once",
    serve: (socket) => {
      socket.end();
      socket.resume();
    },
  },
  {
    name: "tcp-reset",
    does: "accepts and resets at once",
    serve: (socket) => socket.resetAndDestroy(),
  },
] as const satisfies readonly TcpListenerEntry[];

/** Names of the listeners below HTTP. */
export type TcpListenerName = (typeof tcpListeners)[number]["name"];

/** Plans a listener that speaks neither HTTP nor TLS. */
export function planTcp({ name, does, serve }: TcpListenerEntry, nextNumber: NextNumber): ListenerPlan {
  const connections = new ConnectionLog(nextNumber);
  const server = createServer((socket) => {
    connections.add(socket);
    serve(socket);
  });
  return { name, scheme: "tcp", does, server, connections };
}
