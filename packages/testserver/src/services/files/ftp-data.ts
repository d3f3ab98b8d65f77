import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ConnectionLog } from "../../connection-log.ts";
import { bind } from "../../gate/bind.ts";
import type { FtpAddress } from "./protocol/ftp-address.ts";

/** Where the next transfer's connection comes from. */
export interface DataSource {
  /** The address to connect to, where the server listens. */
  readonly address: FtpAddress | undefined;
  /** The connection, once it is there. Rejects where it does not come about, or the signal is fired. */
  readonly socket: () => Promise<Socket>;
  /** Gives it up, where its connection was not asked for. */
  readonly close: () => void;
}

/** Whose data it is. */
export interface DataOwner {
  readonly control: Socket;
  readonly connections: ConnectionLog;
  /** Fired when the control connection is closed. */
  readonly signal: AbortSignal;
}

/**
 * Listens for one connection, from the host alone that the control connection comes from: another host could otherwise
 * take what is meant for the client. RFC 2577 section 4.
 */
export async function listenForData({ control, connections, signal }: DataOwner): Promise<DataSource> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    if (socket.remoteAddress !== control.remoteAddress) {
      socket.destroy();
      return;
    }
    server.close();
    connections.add(socket);
    resolve(socket);
  });
  const close = (): void => {
    closeQuietly(server);
    reject(new Error("the data connection is not wanted any longer"));
  };
  promise.catch(() => undefined);
  signal.addEventListener("abort", close, { once: true });
  const { address: host, port } = await bind(server, control.localAddress ?? "127.0.0.1", 0);
  if (signal.aborted) close();
  return {
    address: { host, port },
    socket: () => promise,
    close: () => {
      signal.removeEventListener("abort", close);
      close();
      promise.then((socket) => socket.destroy()).catch(() => undefined);
    },
  };
}

/** Connects to where the client listens. The caller has seen to it that this is the client's own host. */
export function connectForData({ host, port }: FtpAddress, { connections, signal }: DataOwner): DataSource {
  return {
    address: undefined,
    socket: async () => {
      const socket = connect({ host, port });
      const stop = (): void => void socket.destroy();
      signal.addEventListener("abort", stop, { once: true });
      socket.once("close", () => {
        signal.removeEventListener("abort", stop);
      });
      await once(socket, "connect", { signal });
      connections.add(socket);
      return socket;
    },
    close: () => undefined,
  };
}

function closeQuietly(server: Server): void {
  if (server.listening) server.close();
}
