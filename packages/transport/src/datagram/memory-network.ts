import { formatPeer } from "../peer-name.ts";
import type { DatagramAddress, DatagramEndpoint, DatagramPath } from "./contract.ts";
import { CarriedEndpoint } from "./endpoint.ts";
import { defaultMtu, requireMtu } from "./mtu.ts";

/** How a memory network carries datagrams. */
export interface MemoryNetworkOptions {
  /** Bytes of the largest datagram; 1,232 by default. */
  readonly mtu?: number | undefined;
  /**
   * Decides what becomes of a datagram: calls `deliver` now or later, once, twice, with other bytes, or never. By default
   * everything arrives once and in order, in a later turn of the event loop.
   */
  readonly carry?: ((bytes: Buffer, deliver: (bytes: Buffer) => void, route: DatagramRoute) => void) | undefined;
}

/** Whence and whither a datagram goes. */
export interface DatagramRoute {
  readonly from: DatagramAddress;
  readonly to: DatagramAddress;
}

/** A network of datagrams in this process. Addresses are what the caller says they are. */
export interface MemoryNetwork {
  /** Opens an endpoint; one that has this address already is no longer reached. */
  endpoint(address: DatagramAddress): DatagramEndpoint;
  /** Sends from any address, also from one that nobody has. */
  send(bytes: Uint8Array, route: DatagramRoute): void;
}

/** Makes a network in which datagrams go as UDP's do, or worse. */
export function memoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const mtu = requireMtu(options.mtu ?? defaultMtu);
  const { carry = carryWell } = options;
  const endpoints = new Map<string, CarriedEndpoint>();
  const send = (bytes: Uint8Array, route: DatagramRoute): void => {
    const to = formatPeer(route.to.host, route.to.port);
    carry(Buffer.from(bytes), (arrived) => endpoints.get(to)?.deliver(arrived, route.from), route);
  };
  return {
    send,
    endpoint(address) {
      const name = formatPeer(address.host, address.port);
      const endpoint = new CarriedEndpoint({
        address,
        mtu,
        send: (bytes, to) => send(bytes, { from: address, to }),
        close: async () => {
          if (endpoints.get(name) === endpoint) endpoints.delete(name);
        },
      });
      endpoints.set(name, endpoint);
      return endpoint;
    },
  };
}

const carryWell: NonNullable<MemoryNetworkOptions["carry"]> = (bytes, deliver) => {
  setImmediate(() => deliver(bytes));
};

/**
 * Makes two paths that are each other's peer, in this process.
 *
 * @example
 * const [client, server] = memoryDatagramPair();
 * server.on("message", (bytes) => server.send(bytes));
 * client.send(Buffer.from("echo"));
 */
export function memoryDatagramPair(options: MemoryNetworkOptions = {}): [DatagramPath, DatagramPath] {
  const network = memoryNetwork(options);
  const [left, right] = [
    { host: "192.0.2.1", port: 1 },
    { host: "192.0.2.2", port: 2 },
  ] as const;
  return [network.endpoint(left).path(right), network.endpoint(right).path(left)];
}
