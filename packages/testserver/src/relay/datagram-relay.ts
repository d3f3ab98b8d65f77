import { connectUdp, type DatagramAddress, type DatagramPath, formatPeer, openUdp } from "@fairlead/transport";
import { openFaultEndpoint } from "../faults/fault-endpoint.ts";
import { type RelayPort, type RelayPortOptions, relayName } from "./relay-port.ts";

/** How many clients have a socket to the server at a time; the one that was silent for longest gives way. */
const clientLimit = 1_024;

/** How many datagrams of one client wait while its socket is opened; more are lost, as datagrams may be. */
const waitingLimit = 64;

/** The most that UDP carries. */
const largestDatagram = 65_507;

interface Client {
  readonly from: DatagramAddress;
  path: DatagramPath | undefined;
  readonly waiting: Buffer[];
  isGone: boolean;
}

/** Listens for datagrams, and sends those of each client on from a socket of its own, so that answers find the way back. */
export async function openDatagramRelay(options: RelayPortOptions): Promise<RelayPort> {
  const { to, faults, traffic } = options;
  const below = await openUdp({ host: options.host, port: options.port, mtu: largestDatagram });
  const endpoint = openFaultEndpoint(below, { entry: { name: relayName }, network: { traffic }, faults });
  /** The one that spoke last is last. */
  const clients = new Map<string, Client>();
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    traffic.add({ type: "failed", service: relayName, connection: 0, reason });
  };
  const forget = (client: Client): void => {
    client.isGone = true;
    client.path?.close();
    const name = formatPeer(client.from.host, client.from.port);
    if (clients.get(name) === client) clients.delete(name);
  };
  const connect = async (client: Client): Promise<void> => {
    // Datagrams have hosts and ports; the caller has seen to it.
    const { host, port } = to as Extract<typeof to, { readonly host: string }>;
    const path = await connectUdp({ host, port, mtu: largestDatagram });
    if (client.isGone) {
      path.close();
      return;
    }
    client.path = path;
    path.on("message", (bytes) => endpoint.send(bytes, client.from));
    path.on("unreachable", failed);
    for (const bytes of client.waiting.splice(0)) path.send(bytes);
  };
  endpoint.on("message", (bytes, from) => {
    const name = formatPeer(from.host, from.port);
    const known = clients.get(name);
    const client = known ?? { from, path: undefined, waiting: [], isGone: false };
    clients.delete(name);
    clients.set(name, client);
    if (client.path !== undefined) client.path.send(bytes);
    else if (client.waiting.length < waitingLimit) client.waiting.push(bytes);
    if (known !== undefined) return;
    const [oldest] = clients.size > clientLimit ? clients.values() : [];
    if (oldest !== undefined) forget(oldest);
    connect(client).catch((error: unknown) => {
      failed(error);
      forget(client);
    });
  });
  return {
    host: endpoint.address.host,
    port: endpoint.address.port,
    connections: { accepted: 0, open: 0 },
    close: async () => {
      for (const client of [...clients.values()]) forget(client);
      await endpoint.close();
    },
  };
}
