import { createServer, type Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
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
  const server = planHttpOver(name, connections, options);
  server.on("connection", (socket) => {
    connections.add(socket);
  });
  return { name, scheme: "http", does, server, connections };
}

/** Plans a listener that speaks HTTP/1.1 over TLS, and mints its certificate. */
export async function planHttps(
  entry: SecureListenerEntry,
  authorities: Authorities,
  nextNumber: NextNumber,
  options: HttpServiceOptions,
): Promise<ListenerPlan> {
  const connections = new ConnectionLog(nextNumber);
  const server = await planHttpsOver(entry, authorities, connections, options);
  server.on("connection", (socket) => {
    if (socket instanceof Socket) connections.add(socket);
  });
  return { name: entry.name, scheme: "https", does: entry.does, server, connections };
}

/** The part that speaks HTTP/1.1 in the clear on connections that are logged already. */
export function planHttpOver(name: string, connections: ConnectionLog, options: HttpServiceOptions): Server {
  const service = createHttpService(options, { name, scheme: "http", connections });
  return createServer(service.onRequest).on("upgrade", service.onUpgrade);
}

/** The part that speaks HTTP/1.1 over TLS on connections that are logged already; mints its certificate. */
export async function planHttpsOver(
  { name, mint, tls }: SecureListenerEntry,
  authorities: Authorities,
  connections: ConnectionLog,
  options: HttpServiceOptions,
): Promise<SecureServer> {
  const { certificate, privateKey } = await mint(authorities);
  const service = createHttpService(options, { name, scheme: "https", connections });
  const server = createSecureServer(
    { ALPNProtocols: ["http/1.1"], cert: certificate, key: privateKey, ...tls?.(authorities) },
    service.onRequest,
  );
  server.on("upgrade", service.onUpgrade);
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
  });
  server.on("tlsClientError", () => {
    connections.addTlsFailure();
  });
  return server;
}
