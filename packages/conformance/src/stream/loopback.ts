import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectTcp, connectUnix } from "@fairlead/transport";

/** Connects two TCP sockets over loopback; the listener is closed again. */
export async function tcpPair(allowHalfOpen: boolean): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const [client, [accepted]] = await Promise.all([
    connectTcp({ host: "127.0.0.1", port, allowHalfOpen }),
    once(server, "connection") as Promise<[Socket]>,
  ]);
  server.close();
  return [client, accepted];
}

/** Connects two Unix sockets; the path is removed again. */
export async function unixPair(allowHalfOpen: boolean): Promise<[Socket, Socket]> {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
  const path = join(directory, "socket");
  const server = createServer({ allowHalfOpen }).listen(path);
  await once(server, "listening");
  const [client, [accepted]] = await Promise.all([
    connectUnix({ path, allowHalfOpen }),
    once(server, "connection") as Promise<[Socket]>,
  ]);
  server.close();
  await rm(directory, { recursive: true });
  return [client, accepted];
}
