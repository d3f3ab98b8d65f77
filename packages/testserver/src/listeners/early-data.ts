import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import type { TlsBackend, TlsIdentity } from "@fairlead/tls";
import { ConnectionLog, type NextNumber } from "../connection-log.ts";
import { createHttpService, type HttpServiceOptions } from "../http-service.ts";
import type { ListenerPlan } from "./listener.ts";

/** Name of the listener that takes early data. */
export type EarlyDataListenerName = "https-early-data";

const name: EarlyDataListenerName = "https-early-data";

const does = "speaks TLS 1.3 and takes early data (RFC 8470), which node:tls cannot: by the OpenSSL inside Node.js";

/** Plans it. OpenSSL is reached at the first connection; where it cannot be, each one fails. */
export function planEarlyData(
  identity: TlsIdentity,
  nextNumber: NextNumber,
  options: HttpServiceOptions,
): ListenerPlan {
  const connections = new ConnectionLog(nextNumber);
  const service = createHttpService(options, { name, scheme: "https", connections });
  const http = createHttpServer(service.onRequest).on("upgrade", service.onUpgrade);
  const secure = async (tcp: Socket): Promise<void> => {
    try {
      backend ??= loadBackend();
      const socket = await (await backend).accept(tcp, {
        ...{ identity, alpnProtocols: ["http/1.1"], minVersion: "TLSv1.3" },
        ...options.surroundings.earlyData.accept,
      });
      connections.addTls(socket, tcp);
      http.emit("connection", socket);
    } catch {
      connections.addTlsFailure();
      tcp.destroy();
    }
  };
  let backend: Promise<TlsBackend> | undefined;
  const server = createServer((tcp) => {
    connections.add(tcp);
    void secure(tcp);
  });
  return { name, scheme: "https", does, server, connections };
}

async function loadBackend(): Promise<TlsBackend> {
  const backend = (await import("@fairlead/tls-openssl")).loadOpensslTls();
  // Trying what it can makes so many contexts that the server would lose its own, and with it its sessions.
  await backend.capabilities();
  return backend;
}
