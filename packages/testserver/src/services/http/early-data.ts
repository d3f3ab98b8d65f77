import { createServer } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { TlsAcceptOptions, TlsBackend, TlsSocket } from "@fairlead/tls";
import type { Connection } from "../../connection-log.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** How early data is taken. */
export interface EarlyDataOptions {
  /** What each connection is accepted with; by default what clients have asked the network for. */
  readonly accept?: (() => Pick<TlsAcceptOptions, "earlyData" | "ticketKeys">) | undefined;
  /** Handles what came early a second time, as a server does that an attacker plays it to again. */
  readonly isReplayed?: boolean | undefined;
}

/** Takes early data, by the OpenSSL inside Node.js. */
export async function openEarlyData(
  network: NetworkContext,
  { name, connections }: ServiceSelf,
  { accept = () => network.surroundings.earlyData.accept, isReplayed = false }: EarlyDataOptions = {},
): Promise<StreamDriver> {
  const [backend, identity] = await Promise.all([loadBackend(), network.goodIdentity()]);
  const replays = new WeakMap<Duplex, Connection>();
  const service = network.serveHttp({
    ...{ name, scheme: "https", connections },
    connectionOf: ({ socket }) => replays.get(socket),
  });
  const http = createServer(service.onRequest).on("upgrade", service.onUpgrade);
  const secure = async (tcp: Socket): Promise<void> => {
    try {
      const socket = await backend.accept(tcp, {
        ...{ identity, alpnProtocols: ["http/1.1"], minVersion: "TLSv1.3" },
        ...accept(),
      });
      connections.addTls(socket, tcp);
      const connection = connections.find(tcp);
      if (isReplayed && socket.earlyBytes > 0 && connection !== undefined) {
        const replay = await copyOfFirstBytes(socket);
        replays.set(replay, connection);
        http.emit("connection", replay);
      }
      http.emit("connection", socket);
    } catch (error) {
      connections.addTlsFailure(tcp, error);
      tcp.destroy();
    }
  };
  return { accept: (tcp) => void secure(tcp) };
}

/** A connection on which the first bytes of another come once more; what is answered there is thrown away. */
async function copyOfFirstBytes(socket: TlsSocket): Promise<Duplex> {
  const first: unknown = await new Promise((resolve) => {
    socket.once("readable", () => {
      resolve(socket.read());
    });
  });
  const copy = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  if (first instanceof Buffer) {
    socket.unshift(first);
    copy.push(first);
  }
  copy.push(null);
  return copy;
}

async function loadBackend(): Promise<TlsBackend> {
  const backend = (await import("@fairlead/tls-openssl")).loadOpensslTls();
  // Trying what it can makes so many contexts that the server would lose its own, and with it its sessions.
  await backend.capabilities();
  return backend;
}
