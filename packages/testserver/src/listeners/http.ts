import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { Socket } from "node:net";
import { ConnectionLog, type NextNumber } from "../connection-log.ts";
import { createHttpService, type HttpServiceOptions } from "../http-service.ts";
import type { ListenerPlan } from "./listener.ts";
import type { Authorities, SecureListenerEntry } from "./secure-listeners.ts";

/** Plans a listener that speaks HTTP/1.1 in the clear. */
export function planHttp(
  name: string,
  does: string,
  nextNumber: NextNumber,
  options: HttpServiceOptions,
): ListenerPlan {
  const connections = new ConnectionLog(nextNumber);
  const server = createServer(createHttpService(options, { name, scheme: "http", connections }));
  server.on("connection", (socket) => {
    connections.add(socket);
  });
  return { name, scheme: "http", does, server, connections };
}

/** Plans a listener that speaks HTTP/1.1 over TLS, and mints its certificate. */
export async function planHttps(
  { name, does, mint, tls }: SecureListenerEntry,
  authorities: Authorities,
  nextNumber: NextNumber,
  options: HttpServiceOptions,
): Promise<ListenerPlan> {
  const connections = new ConnectionLog(nextNumber);
  const { certificate, privateKey } = await mint(authorities);
  const server = createSecureServer(
    { ALPNProtocols: ["http/1.1"], cert: certificate, key: privateKey, ...tls?.(authorities) },
    createHttpService(options, { name, scheme: "https", connections }),
  );
  server.on("connection", (socket) => {
    if (socket instanceof Socket) connections.add(socket);
  });
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
  });
  server.on("tlsClientError", () => {
    connections.addTlsFailure();
  });
  return { name, scheme: "https", does, server, connections };
}
