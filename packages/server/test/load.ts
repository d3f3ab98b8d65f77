import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where the load goes. */
export interface LoadTarget {
  readonly port: number;
  /** Speaks TLS; certificates are not what is tested. */
  readonly isSecure?: boolean;
  /** Connections at a time. */
  readonly connections?: number;
  /** Requests of each connection, before another takes its place. */
  readonly requestsPerConnection?: number;
}

/**
 * Clients that ask one after the other, without a pause, and note every request that was not answered with 200 in whole.
 * They never send one again: a connection that ends with a request on its way is a failure, whoever could repeat it.
 */
export class Load implements AsyncDisposable {
  readonly failures: string[] = [];
  /** Requests that were answered. */
  answered = 0;
  readonly #target: Required<LoadTarget>;
  readonly #clients: readonly Promise<void>[];
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  #isStopped = false;

  constructor(target: LoadTarget) {
    this.#target = { isSecure: false, connections: 8, requestsPerConnection: 20, ...target };
    this.#clients = Array.from({ length: this.#target.connections }, () => this.#run());
  }

  /** Resolves when so many more requests have been answered, or one has failed. */
  async more(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.failures.length > 0) resolve();
      this.#waiting = { count: this.answered + count, resolve };
    });
  }

  /** Lets every client have its last answer. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#useConnection();
      } catch (error) {
        this.failures.push(String(error));
        // Whoever waits sees the failure, and not that nothing comes any more.
        this.#waiting?.resolve();
        return;
      }
    }
  }

  async #useConnection(): Promise<void> {
    const { port, isSecure, requestsPerConnection } = this.#target;
    const address = { host: "127.0.0.1", port };
    const socket = isSecure ? connectTls({ ...address, rejectUnauthorized: false }) : connectTcp(address);
    const reader = new AnswerReader(socket);
    try {
      await reader.connected(isSecure ? "secureConnect" : "connect");
      for (let count = 1; count <= requestsPerConnection && !this.#isStopped; count += 1) {
        // Between requests a server may end it.
        if (reader.hasEnded) return;
        socket.write("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
        const head = await reader.next();
        if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`answered with ${head.split("\r\n")[0] ?? ""}`);
        this.answered += 1;
        if (this.#waiting !== undefined && this.answered >= this.#waiting.count) this.#waiting.resolve();
        if (/^connection: close$/im.test(head)) return;
      }
    } finally {
      socket.destroy();
    }
  }
}

/** Reads answers with a Content-Length, one at a time. */
class AnswerReader {
  hasEnded = false;
  readonly #socket: Socket;
  #bytes = "";
  #notify: (() => void) | undefined;
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#bytes += text;
      this.#notify?.();
    });
    socket.on("error", (error) => {
      this.#error = error;
    });
    for (const event of ["end", "close"]) {
      socket.on(event, () => {
        this.hasEnded = true;
        this.#notify?.();
      });
    }
  }

  async connected(event: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once(event, resolve);
      this.#socket.once("close", () => reject(this.#error ?? new Error("closed before it was connected")));
    });
  }

  /** The head of the next answer, once its content has come. */
  async next(): Promise<string> {
    for (;;) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      const head = this.#bytes.slice(0, end);
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
      if (end !== -1 && this.#bytes.length >= end + 4 + length) {
        this.#bytes = this.#bytes.slice(end + 4 + length);
        return head;
      }
      if (this.hasEnded) throw this.#error ?? new Error(`ended with ${JSON.stringify(this.#bytes)} of an answer`);
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }
}
