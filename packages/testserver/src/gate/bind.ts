import type { AddressInfo, Server } from "node:net";

/** Binds a server of connections; port 0 lets the system choose. Rejects with the system's error. */
export async function bind(server: Server, host: string, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      // A connection that cannot be accepted, as when no descriptor is left, is its client's misfortune alone.
      server.on("error", () => undefined);
      resolve();
    });
  });
  // A server that listens on host and port has an AddressInfo; only pipes and Unix sockets have a string.
  return server.address() as AddressInfo;
}
