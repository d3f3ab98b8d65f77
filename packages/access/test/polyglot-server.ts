import { mintCertificate, type Authority } from "@fairlead/testserver/authority";
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** A server for names of its own choice, of both schemes on one port: an upgrade by HSTS keeps the port. */
export interface PolyglotServer extends AsyncDisposable {
  readonly port: number;
}

const TLS_HANDSHAKE = 0x16;

/** Starts it on loopback, with a certificate of this authority, or one that nobody trusts. */
export async function startPolyglotServer(
  names: readonly string[],
  issuer: Authority | undefined,
  listener: RequestListener,
): Promise<PolyglotServer> {
  const { certificate, privateKey } = await mintCertificate({ ...(issuer && { issuer }), names });
  const plain = createHttpServer(listener);
  const secure = createHttpsServer({ cert: certificate, key: privateKey }, listener);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit("connection", socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
