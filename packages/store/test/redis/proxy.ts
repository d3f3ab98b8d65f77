import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Stands between a store and its engine, and lets through what it is told to. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** From now on nothing of what the engine says gets through, and nobody gets a new connection. */
  dropAnswers(): void;
  /** From now on what is sent stays here, and nobody gets a new connection. @returns what sends it on after all. */
  holdRequests(): () => Promise<void>;
  /** New connections are as if nothing had been. */
  reopen(): void;
}

interface Pair {
  readonly engine: Socket;
  readonly held: Buffer[];
  mode: "through" | "deaf" | "hold";
}

/** Starts one on a port of its own. */
export async function startProxy(port: number): Promise<Proxy> {
  const pairs = new Set<Pair>();
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((client) => {
    if (!isOpen) {
      client.destroy();
      return;
    }
    const engine = connect(port, "127.0.0.1");
    const pair: Pair = { engine, held: [], mode: "through" };
    pairs.add(pair);
    for (const socket of [client, engine]) {
      sockets.add(socket.on("error", () => undefined));
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (bytes) => {
      if (pair.mode === "hold") pair.held.push(bytes);
      else engine.write(bytes);
    });
    engine.on("data", (bytes) => {
      if (pair.mode === "through") client.write(bytes);
    });
    client.on("close", () => {
      // What it has sent may still be on its way.
      if (pair.mode === "through") engine.destroy();
    });
    engine.on("close", () => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    reopen: () => {
      isOpen = true;
    },
    dropAnswers: () => {
      isOpen = false;
      for (const pair of pairs) pair.mode = "deaf";
    },
    holdRequests: () => {
      isOpen = false;
      const holding = [...pairs];
      for (const pair of holding) pair.mode = "hold";
      return async () => {
        for (const { engine, held } of holding) {
          engine.end(Buffer.concat(held));
          // The engine closes when it has done what it was asked.
          if (!engine.destroyed) await new Promise((resolve) => engine.once("close", resolve));
        }
      };
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
