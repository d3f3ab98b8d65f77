import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../connection-log.ts";
import type { NetworkContext } from "./network-context.ts";
import type { ServiceSelf, StreamDriver } from "./service-entry.ts";

/** One connection, served by a script that reads and writes bytes in order. */
export class Conversation {
  readonly socket: Socket;
  readonly connection: Connection;
  readonly network: NetworkContext;
  readonly self: ServiceSelf;
  readonly #ended = new AbortController();
  readonly #gone = new AbortController();

  constructor(parts: {
    readonly socket: Socket;
    readonly connection: Connection;
    readonly network: NetworkContext;
    readonly self: ServiceSelf;
  }) {
    this.socket = parts.socket;
    this.connection = parts.connection;
    this.network = parts.network;
    this.self = parts.self;
    this.socket.once("end", () => {
      this.#ended.abort();
    });
    this.socket.once("close", () => {
      this.#ended.abort();
      this.#gone.abort();
    });
  }

  /** Whether the client is gone. */
  get isOver(): boolean {
    return this.socket.destroyed;
  }

  /** Reads so many bytes, which are few. Rejects when the client ends before. */
  async take(size: number): Promise<Buffer> {
    if (size === 0) return Buffer.alloc(0);
    return await this.#takeWhere((taken) => (taken.length < size ? undefined : { size, behind: size }));
  }

  /**
   * Reads until these bytes have come, and returns what is before them. Rejects when the client ends before, or sends
   * more than the limit without them.
   */
  async takeThrough(delimiter: string, limitBytes: number): Promise<Buffer> {
    return await this.#takeWhere((taken) => {
      const size = taken.indexOf(delimiter);
      if (size !== -1) return { size, behind: size + delimiter.length };
      if (taken.length > limitBytes) throw new Error(`the client sent more than ${limitBytes} bytes without an end`);
      return undefined;
    });
  }

  /**
   * Takes what is there until the end of what is wanted is found, and puts back what is behind it. Nothing is left in
   * the stream while it waits: one that holds a byte says at once that it is readable, for ever, and stops the process.
   */
  async #takeWhere(
    find: (taken: Buffer) => { readonly size: number; readonly behind: number } | undefined,
  ): Promise<Buffer> {
    let taken: Buffer = Buffer.alloc(0);
    for (;;) {
      // A stream of bytes gives nothing else.
      const bytes = this.socket.read() as Buffer | null;
      if (bytes === null) {
        await once(this.socket, "readable", { signal: this.#ended.signal });
        continue;
      }
      taken = taken.length === 0 ? bytes : Buffer.concat([taken, bytes]);
      const found = find(taken);
      if (found === undefined) continue;
      if (found.behind < taken.length) this.socket.unshift(taken.subarray(found.behind));
      return taken.subarray(0, found.size);
    }
  }

  /** Writes; resolves when the system has it. A string is written as Latin-1, one byte a character. */
  async say(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Writes one byte at a time. */
  async drip(bytes: string | Uint8Array, everyMilliseconds: number): Promise<void> {
    for (const byte of typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes) {
      await this.say(Uint8Array.of(byte));
      await this.pause(everyMilliseconds);
    }
  }

  /** Waits. Rejects when the client goes away meanwhile. */
  async pause(durationMilliseconds: number): Promise<void> {
    await pause(durationMilliseconds, undefined, { signal: this.#gone.signal });
  }

  /** Says no more, and drops what comes, until the client leaves. */
  stall(): void {
    this.socket.resume();
    this.socket.once("end", () => this.socket.destroy());
  }

  /** Closes in order. */
  end(): void {
    this.socket.resume();
    this.socket.destroySoon();
  }

  /** Closes by RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** Serves each connection by a script. What it throws while the client is there ends the connection, and is told. */
export function converse(
  network: NetworkContext,
  self: ServiceSelf,
  script: (conversation: Conversation) => Promise<void> | void,
): StreamDriver {
  return {
    accept: (socket, connection) => {
      const conversation = new Conversation({ socket, connection, network, self });
      Promise.resolve()
        .then(() => script(conversation))
        .catch((error: unknown) => {
          const isGone = error instanceof Error && error.name === "AbortError";
          if (!isGone && !conversation.isOver) {
            const reason = error instanceof Error ? error.message : String(error);
            network.traffic.add({ type: "failed", service: self.name, connection: connection.number, reason });
          }
          socket.destroy();
        });
    },
  };
}
