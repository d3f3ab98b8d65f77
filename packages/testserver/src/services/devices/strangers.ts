import type { DatagramAddress, DatagramEndpoint } from "@fairlead/transport";
import type { NetworkContext } from "../network-context.ts";

/** What is done with one datagram. */
export type DatagramListener = (bytes: Buffer, from: DatagramAddress) => void;

/**
 * Listens for datagrams, but for those from the network's own ports: by one with a forged source, two services would
 * answer each other for ever. What the listener throws is told as traffic.
 */
export function listenToStrangers(
  network: Pick<NetworkContext, "manifest" | "traffic">,
  endpoint: DatagramEndpoint,
  service: string,
  listener: DatagramListener,
): void {
  const ownPorts = new Set(network.manifest().services.map(({ transport, port }) => transport === "udp" && port));
  endpoint.on("message", (bytes, from) => {
    if (ownPorts.has(from.port)) return;
    try {
      listener(bytes, from);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      network.traffic.add({ type: "failed", service, connection: 0, reason });
    }
  });
}
