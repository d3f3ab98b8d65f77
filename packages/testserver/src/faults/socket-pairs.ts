import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { bind } from "../gate/bind.ts";

/** Two sockets that are joined by the system: what is written to one is read from the other. Both stay half open. */
export interface SocketPair {
  /** The end that connected. */
  readonly near: Socket;
  /** The end that was accepted. */
  readonly far: Socket;
}

/** How many connections that are not known yet may wait to be; those of strangers are never known. */
const unknownLimit = 256;

/**
 * Makes pairs of real TCP sockets over loopback. Its one listening socket is there from the first pair on, and lets in
 * nobody else: the system tells the two ends of a connection apart from all others by their ports.
 */
export class SocketPairs {
  #listening: Promise<number> | undefined;
  #server: Server | undefined;
  #opening = 0;
  /** Accepted, by the port of the other end; the end that connected may hear of it later. */
  readonly #accepted = new Map<number, Socket>();
  /** Connected, by their port. */
  readonly #connected = new Map<number, (far: Socket) => void>();
  #isClosed = false;

  /** Rejects with the system's error, and when it is closed meanwhile. */
  async open(): Promise<SocketPair> {
    this.#opening += 1;
    try {
      this.#listening ??= this.#listen();
      const near = connect({ host: "127.0.0.1", port: await this.#listening, allowHalfOpen: true, noDelay: true });
      await once(near, "connect");
      near.on("error", ignoreError);
      return { near, far: await this.#farOf(near) };
    } finally {
      this.#opening -= 1;
      if (this.#opening === 0) this.#dismissStrangers();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#dismissStrangers();
    const server = this.#server;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  async #listen(): Promise<number> {
    if (this.#isClosed) throw new Error("the network is closed");
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    return (await bind(this.#server, "127.0.0.1", 0)).port;
  }

  #accept(socket: Socket): void {
    socket.on("error", ignoreError);
    const { remotePort = 0 } = socket;
    const wanted = this.#connected.get(remotePort);
    if (wanted !== undefined) wanted(socket);
    else if (this.#opening > 0 && this.#accepted.size < unknownLimit) this.#accepted.set(remotePort, socket);
    else socket.destroy();
  }

  async #farOf(near: Socket): Promise<Socket> {
    const { localPort = 0 } = near;
    const accepted = this.#accepted.get(localPort);
    if (accepted !== undefined) {
      this.#accepted.delete(localPort);
      return accepted;
    }
    try {
      return await new Promise((resolve, reject) => {
        this.#connected.set(localPort, resolve);
        near.once("close", () => reject(new Error("the pair was cut before it was one")));
      });
    } finally {
      this.#connected.delete(localPort);
    }
  }

  #dismissStrangers(): void {
    for (const socket of this.#accepted.values()) socket.destroy();
    this.#accepted.clear();
  }
}

// The other end says what there is to say: it is in this process.
function ignoreError(): void {
  // Nothing to do: "close" follows and cleans up.
}
