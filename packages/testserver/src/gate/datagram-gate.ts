import { CarriedEndpoint, type DatagramAddress, openUdp } from "@fairlead/transport";
import { ConnectionLog, type ConnectionLogOptions } from "../connection-log.ts";
import type { FaultSet } from "../faults/fault-set.ts";
import { openFaultEndpoint } from "../faults/fault-endpoint.ts";
import type { NetworkContext } from "../services/network-context.ts";
import type { DatagramDriver, DatagramServiceEntry } from "../services/service-entry.ts";
import type { Gate } from "./gate.ts";

/** What a gate of datagrams is made of. */
export interface DatagramGateOptions {
  readonly entry: DatagramServiceEntry;
  readonly network: NetworkContext;
  readonly faults: FaultSet;
  readonly nextNumber: ConnectionLogOptions["nextNumber"];
  readonly host: string;
  readonly port: number;
}

/** How many datagrams wait while a service is opened; more are lost, as datagrams may be. */
const waitingLimit = 64;

/** Binds the port of a service, which is opened at its first datagram. */
export async function openDatagramGate(options: DatagramGateOptions): Promise<Gate> {
  const { entry, network, faults, nextNumber, host, port } = options;
  const { name, scheme } = entry;
  const { traffic } = network;
  const connections = new ConnectionLog({ service: name, nextNumber, traffic });
  const self = { name, scheme, connections };
  const below = openFaultEndpoint(await openUdp({ host, port, mtu: 65_507 }), { entry, network, faults });
  const log = (by: "client" | "server", bytes: Uint8Array, peer: DatagramAddress): void => {
    const sizeBytes = bytes.length;
    traffic.add({ type: "datagram", service: name, connection: 0, by, peer: `${peer.host}:${peer.port}`, sizeBytes });
  };

  interface Opened {
    readonly endpoint: CarriedEndpoint;
    readonly driver: Promise<DatagramDriver>;
    waiting: (readonly [bytes: Buffer, from: DatagramAddress])[] | undefined;
  }
  let opened: Opened | undefined;
  const open = (): Opened => {
    const endpoint = new CarriedEndpoint({
      address: below.address,
      mtu: below.mtu,
      send: (bytes, to) => {
        log("server", bytes, to);
        below.send(bytes, to);
      },
      // The port stays bound: another endpoint may follow on it.
      close: () => Promise.resolve(),
    });
    const openDriver = async (): Promise<DatagramDriver> => await entry.open(network, self, endpoint);
    const opening: Opened = { endpoint, driver: openDriver(), waiting: [] };
    opening.driver.then(
      () => {
        const waiting = opening.waiting ?? [];
        opening.waiting = undefined;
        for (const [bytes, from] of waiting) endpoint.deliver(bytes, from);
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        traffic.add({ type: "failed", service: name, connection: 0, reason });
        if (opened === opening) opened = undefined;
      },
    );
    return opening;
  };
  below.on("message", (bytes, from) => {
    log("client", bytes, from);
    opened ??= open();
    if (opened.waiting === undefined) opened.endpoint.deliver(bytes, from);
    else if (opened.waiting.length < waitingLimit) opened.waiting.push([bytes, from]);
  });
  const retire = async (): Promise<void> => {
    const last = opened;
    opened = undefined;
    if (last === undefined) return;
    await last.driver.then((driver) => driver.close?.()).catch(() => undefined);
    await last.endpoint.close();
  };
  return {
    host: below.address.host,
    port: below.address.port,
    get connections() {
      return connections.counts;
    },
    reopen: () => void retire(),
    close: async () => {
      await retire();
      faults.endAll();
      await below.close();
    },
  };
}
