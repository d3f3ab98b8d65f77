import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { TlsAcceptOptions, TlsBackend, TlsSocket } from "@fairlead/tls";

/** A server of ours for programs to connect to. Disposing of it ends its connections. */
export interface TlsListener extends AsyncDisposable {
  readonly port: number;
  /** The next connection, secured, or the reason why it is refused. */
  next(): Promise<TlsSocket>;
}

/** Listens on loopback; a connection is secured when it is asked for. */
export async function listenTls(backend: TlsBackend, options: TlsAcceptOptions): Promise<TlsListener> {
  const waiting: ((below: Socket) => void)[] = [];
  const connections: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (below) => {
    const take = waiting.shift();
    if (take === undefined) connections.push(below);
    else take(below);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const opened = new Set<TlsSocket>();
  return {
    // A server on TCP has one.
    port: (server.address() as AddressInfo).port,
    async next() {
      const below = connections.shift() ?? (await new Promise<Socket>((resolve) => waiting.push(resolve)));
      const socket = await backend.accept(below, options);
      opened.add(socket.on("error", () => undefined));
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of opened) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
