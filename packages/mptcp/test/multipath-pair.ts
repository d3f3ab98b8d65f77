import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { multipathTcp } from "../src/index.ts";

export const multipath = multipathTcp();

/**
 * What the kernel may keep of 64 MiB for a slow reader: a connection's buffer for receiving grows to the most that
 * `net.ipv4.tcp_rmem` allows, 32 MiB on some machines, where that of TCP stays small.
 */
export const mostOnTheWayBytes = 50_331_648;

/** Connects two sockets over loopback, TCP where the machine has nothing else; the listener is closed again. */
export async function multipathPair(allowHalfOpen: boolean): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen });
  await multipath.listen(server);
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const [client, [accepted]] = await Promise.all([
    multipath.connect({ host: "127.0.0.1", port, allowHalfOpen }),
    // The first argument of this event is the socket.
    once(server, "connection") as Promise<[Socket]>,
  ]);
  server.close();
  return [client, accepted];
}
