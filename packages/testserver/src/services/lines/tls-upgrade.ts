import type { Socket } from "node:net";
import { createServer, type TlsOptions, type TLSSocket } from "node:tls";
import type { ConnectionLog } from "../../connection-log.ts";
import { ConversationOver } from "./byte-reader.ts";

/** Secures a connection that began in the clear; resolves when the handshake is done. */
export type UpgradeToTls = (tcp: Socket) => Promise<TLSSocket>;

/**
 * Makes the server's side of TLS for connections that are there already. What the TCP socket still holds is taken for
 * the beginning of the handshake.
 *
 * The promise rejects with ConversationOver where the handshake fails or the client goes.
 */
export function tlsUpgrade(connections: ConnectionLog, options: TlsOptions): UpgradeToTls {
  const waiting = new Map<Socket, (socket: TLSSocket) => void>();
  const server = createServer(options);
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
    const tcp = connections.find(socket)?.tcp;
    if (tcp === undefined) socket.destroy();
    else waiting.get(tcp)?.(socket);
  });
  server.on("tlsClientError", (error, socket) => {
    connections.addTlsFailure(socket, error);
  });
  return (tcp) => {
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    const fail = (): void => reject(new ConversationOver("there was no handshake"));
    waiting.set(tcp, resolve);
    tcp.once("close", fail);
    server.emit("connection", tcp);
    return promise.finally(() => {
      waiting.delete(tcp);
      tcp.off("close", fail);
    });
  };
}
