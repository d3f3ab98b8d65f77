import { createServer, type Socket } from "node:net";
import { ConnectionLog, type ConnectionLogOptions } from "../connection-log.ts";
import type { FaultSet } from "../faults/fault-set.ts";
import { openFaultPath } from "../faults/fault-path.ts";
import type { NetworkContext } from "../services/network-context.ts";
import type { StreamDriver, StreamServiceEntry } from "../services/service-entry.ts";
import { bind } from "./bind.ts";
import type { Gate } from "./gate.ts";

/** What a gate of connections is made of. */
export interface StreamGateOptions {
  readonly entry: StreamServiceEntry;
  readonly network: NetworkContext;
  readonly faults: FaultSet;
  readonly nextNumber: ConnectionLogOptions["nextNumber"];
  readonly host: string;
  readonly port: number;
}

/**
 * Binds the port of a service, which is opened at its first connection. Where the service has faults, or may get some
 * while connections are open, each connection goes through them; otherwise the service has the client's socket itself.
 */
export async function openStreamGate(options: StreamGateOptions): Promise<Gate> {
  const { entry, network, faults, nextNumber } = options;
  const { name, scheme, halfOpen = false } = entry;
  const connections = new ConnectionLog({ service: name, nextNumber, traffic: network.traffic });
  const self = { name, scheme, connections };
  let opening: Promise<StreamDriver> | undefined;
  let driver: StreamDriver | undefined;
  const retired = new Set<Promise<StreamDriver>>();

  const open = async (): Promise<StreamDriver> => {
    const mine = (opening ??= Promise.resolve(entry.open(network, self)));
    try {
      const opened = await mine;
      // It may have been retired while it was opened.
      if (opening === mine) driver = opened;
      return opened;
    } catch (error) {
      if (opening === mine) opening = undefined;
      throw error;
    }
  };
  const serve = async (client: Socket): Promise<void> => {
    client.on("error", ignoreGoneClient);
    const { remotePort = 0 } = client;
    const socket = faults.areHeeded ? await openFaultPath(client, { entry, network, faults, connections }) : client;
    socket.allowHalfOpen = halfOpen;
    const connection = connections.add(socket, remotePort);
    try {
      (driver ?? (await open())).accept(socket, connection);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      network.traffic.add({ type: "failed", service: name, connection: connection.number, reason });
      socket.destroy();
    }
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    serve(client).catch(() => {
      client.destroy();
    });
  });
  const { address, port } = await bind(server, options.host, options.port);
  const reopen = (): void => {
    const last = opening;
    opening = undefined;
    driver = undefined;
    if (last === undefined) return;
    retired.add(last);
    const forget = (): unknown => retired.delete(last);
    // Those that hold nothing but connections are not kept until the end.
    last.then((opened) => opened.close ?? forget(), forget);
  };
  return {
    host: address,
    port,
    get connections() {
      return connections.counts;
    },
    reopen,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      reopen();
      connections.destroyAll();
      faults.endAll();
      for (const each of retired) await each.then((opened) => opened.close?.()).catch(() => undefined);
      await closed;
    },
  };
}

// Clients of a test network come and go as they like; their resets are not the server's errors.
function ignoreGoneClient(): void {
  // Nothing to do: "close" follows and cleans up.
}
