import { createServer, type Server } from "node:http";
import { resolve } from "node:path";
import { UsageError } from "@fairlead/core";
import { formatPeer, transportErrorFrom } from "@fairlead/transport";
import type { ConnectionCounts } from "../connection-log.ts";
import { controlListener } from "../control/control-listener.ts";
import { controlRoutes } from "../control/control-route.ts";
import { faultRoutes } from "../control/fault-routes.ts";
import { trafficRoutes } from "../control/traffic-routes.ts";
import type { Fault } from "../faults/fault.ts";
import { FaultSet } from "../faults/fault-set.ts";
import { FaultRegistry, type Faults } from "../faults/faults.ts";
import { bind } from "../gate/bind.ts";
import { writeManifestFile } from "../manifest-file.ts";
import { type TrafficEvent, TrafficLog } from "../traffic-log.ts";
import { openDatagramRelay } from "./datagram-relay.ts";
import { relayName } from "./relay-port.ts";
import { formatRelayTarget, parseRelayTarget, type RelayTarget } from "./relay-target.ts";
import { openStreamRelay } from "./stream-relay.ts";

/** How a relay is started. */
export interface RelayOptions {
  /** The server that it stands before: a target, or `HOST:PORT` or `unix:PATH`. */
  readonly to: RelayTarget | string;
  /** `tcp` by default; a Unix socket takes connections alone. */
  readonly transport?: "tcp" | "udp";
  /** Address to listen on, an IP literal; `127.0.0.1` by default. Anything but loopback opens the server to others. */
  readonly host?: string;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** Faults from the beginning; others come and go by `faults`. */
  readonly faults?: readonly Fault[];
  /** How long the server may take to accept a connection; 10,000 by default. Then the client's is reset. */
  readonly connectTimeoutMilliseconds?: number;
}

/** What is where, for programs in any language. */
export interface RelayManifest {
  readonly service: "fairlead-relay";
  readonly version: 1;
  readonly processId: number;
  readonly transport: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  /** `HOST:PORT` or `unix:PATH`. */
  readonly to: string;
  /** Where faults are added and removed while it runs: `http://127.0.0.1:PORT`. */
  readonly control: string;
}

/** A running relay. Owned by who started it, who also closes it. */
export interface Relay extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly manifest: RelayManifest;
  /** Writes the manifest as JSON with mode 0600, whole or not at all. Who starts the relay removes the file. */
  writeManifest(file: string): Promise<void>;
  readonly faults: Faults;
  /** What happened lately, the oldest first. */
  readonly traffic: readonly TrafficEvent[];
  /** Connections of clients; of datagrams there are none. */
  readonly connections: Pick<ConnectionCounts, "accepted" | "open">;
  /** Ends every connection, port and timer. Closing twice is harmless. */
  close(): Promise<void>;
}

/**
 * Starts a relay before any server, through which all goes as it is until faults are added. The server need not be there
 * yet.
 *
 * @throws UsageError OPTION_INVALID; TransportError when the address to listen on cannot be had.
 *
 * @example
 * await using relay = await startRelay({ to: "localhost:6379" });
 * relay.faults.add({ type: "latency", milliseconds: 200, direction: "both", seed: 7 });
 * // connect to relay.host and relay.port
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { transport = "tcp", host = "127.0.0.1", port = 0, connectTimeoutMilliseconds = 10_000 } = options;
  const to = typeof options.to === "string" ? parseRelayTarget(options.to) : options.to;
  if (transport === "udp" && "path" in to)
    throw refuseTarget("give HOST:PORT; datagrams are not relayed to Unix sockets");
  if ("port" in to && to.port === port && [host, "localhost"].includes(to.host)) {
    throw refuseTarget("give another server than the relay itself");
  }
  const traffic = new TrafficLog();
  const faults = new FaultSet({ areHeeded: true });
  const registry = new FaultRegistry(() => [{ name: relayName, transport, faults }]);
  const mine = registry.of(relayName);
  for (const fault of options.faults ?? []) mine.add(fault);

  const open = "path" in to || transport === "tcp" ? openStreamRelay : openDatagramRelay;
  const relay = await open({ to, host, port, faults, traffic, connectTimeoutMilliseconds }).catch((cause: unknown) => {
    throw transportErrorFrom(cause, { operation: "listen", peer: formatPeer(host, port) });
  });
  const control = await openControl({ faults: registry, traffic, describe: () => manifest }).catch(
    async (error: unknown) => {
      await relay.close();
      throw error;
    },
  );
  const manifest: RelayManifest = {
    ...{ service: "fairlead-relay", version: 1, processId: process.pid, transport },
    ...{ host: relay.host, port: relay.port, to: formatRelayTarget(to), control: `http://127.0.0.1:${control.port}` },
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= Promise.all([relay.close(), control.close()]).then(() => {
      faults.endAll();
    }));
  return {
    host: relay.host,
    port: relay.port,
    manifest,
    writeManifest: (file) => writeManifestFile(resolve(file), manifest),
    faults: mine,
    get traffic() {
      return traffic.entries;
    },
    get connections() {
      return relay.connections;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refuseTarget(remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "start a relay", detail: "to", remedy });
}

interface Controlled {
  readonly faults: FaultRegistry;
  readonly traffic: TrafficLog;
  readonly describe: () => RelayManifest;
}

const relayRoutes = controlRoutes<Controlled>({
  method: "GET",
  path: "/manifest",
  does: "tells where the relay is, and where it leads to",
  handle: ({ network }) => network.describe(),
});

async function openControl(
  network: Controlled,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const routes = [...relayRoutes, ...faultRoutes, ...trafficRoutes];
  const server: Server = createServer(controlListener<Controlled>({ routes, network, port: () => port }));
  const { port } = await bind(server, "127.0.0.1", 0);
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
