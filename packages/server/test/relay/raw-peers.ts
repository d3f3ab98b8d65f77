import { once } from "node:events";
import { connect, createServer, type AddressInfo, type ListenOptions, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What has come on a socket, to be waited for. */
export class Incoming {
  text = "";
  #isOver = false;
  readonly #listeners = new Set<() => void>();

  constructor(socket: Duplex) {
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      this.text += bytes.toString("latin1");
      this.#notify();
    });
    socket.on("close", () => {
      this.#isOver = true;
      this.#notify();
    });
  }

  /** Resolves once it matches; rejects when the connection has ended without. */
  got(pattern: RegExp): Promise<string> {
    return this.#until(() => pattern.test(this.text));
  }

  /** Resolves when the connection is over, to all that came. */
  ended(): Promise<string> {
    return this.#until(() => this.#isOver);
  }

  #until(isThere: () => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isThere() && !this.#isOver) return;
        this.#listeners.delete(look);
        if (isThere()) resolve(this.text);
        else reject(new Error(`the connection ended with ${JSON.stringify(this.text)}`));
      };
      this.#listeners.add(look);
      look();
    });
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A server that does with each request what a test says, octet by octet. */
export interface RawServer extends AsyncDisposable {
  readonly origin: string;
  /** Heads of requests, in the order in which they came. */
  readonly heads: string[];
  readonly connections: number;
  readonly sockets: ReadonlySet<Socket>;
}

/**
 * Answers a request.
 *
 * @param incoming everything on its connection.
 * @param count of the requests so far.
 */
export type RawAnswer = (socket: Socket, head: string, incoming: Incoming, count: number) => unknown;

/** Starts it; a head is where a request begins and where it ends is. */
export async function startRawServer(
  answer: RawAnswer,
  where: ListenOptions = { port: 0, host: "127.0.0.1" },
): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    let told = 0;
    const incoming = new Incoming(socket);
    socket.on("data", () => {
      const all = [...incoming.text.matchAll(/[A-Z]+ \S+ HTTP\/1\.1\r\n.*?(?=\r\n\r\n)/gs)];
      for (const [head] of all.slice(told)) {
        told += 1;
        heads.push(head);
        answer(socket, head, incoming, heads.length);
      }
    });
  }).listen(where);
  await once(server, "listening");
  const address = server.address() as AddressInfo | string;
  return {
    origin: typeof address === "string" ? `unix:${address}` : `http://127.0.0.1:${String(address.port)}`,
    heads,
    sockets,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A client that says what a test says, and waits for what a test waits for. */
export interface RawClient extends Disposable {
  readonly socket: Socket;
  readonly incoming: Incoming;
}

/** Connects it, and sends the first text. */
export function rawClient(port: number, text: string): RawClient {
  const socket = connect({ port, host: "127.0.0.1" });
  const incoming = new Incoming(socket);
  socket.write(text, "latin1");
  return {
    socket,
    incoming,
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}
