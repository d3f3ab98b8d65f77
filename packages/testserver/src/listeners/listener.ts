import type { AddressInfo, Server } from "node:net";
import type { ConnectionCounts, ConnectionLog } from "../connection-log.ts";

/** What every listener of the network is described by. */
export interface Listener {
  /** Its key in the manifest: `http`, `https-expired`, `tcp-silent`. */
  readonly name: string;
  readonly scheme: "http" | "https" | "tcp";
  /** What it does, as one line that begins with a verb. */
  readonly does: string;
  /** The address that it is bound to. */
  readonly host: string;
  readonly port: number;
  /** `scheme://localhost:port`. Other names of the certificate work too, see `hostNames` in the manifest. */
  readonly origin: string;
  readonly connections: ConnectionCounts;
}

/** A listener that is not bound yet. */
export interface ListenerPlan {
  readonly name: string;
  readonly scheme: "http" | "https" | "tcp";
  readonly does: string;
  readonly server: Server;
  readonly connections: ConnectionLog;
}

/** A listener with the means to close it and all its connections. */
export interface BoundListener {
  readonly listener: Listener;
  readonly close: () => Promise<void>;
}

/** Binds a listener; port 0 lets the system choose. */
export async function listen(plan: ListenerPlan, host: string, port: number): Promise<BoundListener> {
  const { server, connections, name, scheme, does } = plan;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // A server that listens on host and port has an AddressInfo; only pipes and Unix sockets have a string.
  const address = server.address() as AddressInfo;
  const listener: Listener = {
    name,
    scheme,
    does,
    host: address.address,
    port: address.port,
    origin: `${scheme}://localhost:${address.port}`,
    get connections() {
      return connections.counts;
    },
  };
  return { listener, close: () => closeServer(server, connections) };
}

async function closeServer(server: Server, connections: ConnectionLog): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    connections.destroyAll();
  });
}
