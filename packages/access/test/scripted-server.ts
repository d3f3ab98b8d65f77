import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP server whose every connection does what a test says, byte by byte. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** All connections so far, closed ones too, in the order in which they were accepted. */
  readonly connections: readonly Socket[];
  /** Connections that are open. */
  readonly open: number;
  /** The connection of this number, counted from 1; waits until it is accepted. */
  connection(number: number): Promise<Socket>;
}

/** Starts a server. `serve` gets each connection and its number, counted from 1. */
export async function scriptedServer(serve: (socket: Socket, number: number) => void): Promise<ScriptedServer> {
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    // Clients of these tests leave in every way there is.
    socket.on("error", () => undefined);
    serve(socket, connections.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${String(port)}`,
    connections,
    get open() {
      return connections.filter(({ destroyed }) => !destroyed).length;
    },
    connection: async (number) => {
      for (;;) {
        const socket = connections[number - 1];
        if (socket !== undefined) return socket;
        await once(server, "connection");
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Answers each request that ends with its head; `answer` gets its target and returns what is sent. */
export function answering(answer: (target: string, socket: Socket) => string | undefined): (socket: Socket) => void {
  return (socket) => {
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      text += piece;
      for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
        const target = text.split(" ", 2)[1] ?? "";
        text = text.slice(end + 4);
        const bytes = answer(target, socket);
        if (bytes !== undefined) socket.write(bytes, "latin1");
      }
    });
  };
}

/** A whole response with a body and its length. */
export function response(body: string, ...fields: readonly string[]): string {
  return ["HTTP/1.1 200 OK", `Content-Length: ${String(body.length)}`, ...fields, "", body].join("\r\n");
}

/** Resolves when a connection is closed, in whatever way. */
export async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
  });
}

/** Resolves when a connection has brought its first bytes. */
export async function spoken(socket: Socket): Promise<void> {
  if (socket.bytesRead > 0) return;
  await once(socket, "data");
}
