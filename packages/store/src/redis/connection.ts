import { createHash } from "node:crypto";
import type { ClientModule } from "./client-module.ts";
import type { ScriptCall } from "./encode-batch.ts";

/** Where one connection leads: a server, or a socket of this machine. */
export type ConnectionTarget =
  | { readonly host: string; readonly port: number }
  | { readonly path: string; readonly release: () => Promise<void> };

/** What a connection is opened with. */
export interface ConnectionOptions {
  readonly target: ConnectionTarget;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: number | undefined;
  /** Ends the attempt, and later the connection. */
  readonly signal: AbortSignal;
  /** Longest time that the server may take to answer. */
  readonly answerMilliseconds: number;
  /** Whether the process stays alive for the attempt. */
  readonly hold: boolean;
}

/** Answers by the engine: text, numbers, lists. Bulk strings are bytes. */
export type Answer = Buffer | string | number | null | readonly Answer[];

/**
 * One connection to one server, from its beginning to its end: it never comes back by itself. It keeps the process alive
 * only while somebody waits for an answer.
 */
export class RedisConnection {
  /** Resolves, to the reason, when it has ended. */
  readonly ended: Promise<Error>;
  /** Rejects when it has ended. */
  readonly #lost: Promise<never>;
  readonly #client: Client;
  readonly #mapping: Mapping;
  readonly #answerMilliseconds: number;
  readonly #end: (reason: Error) => void;
  #waiting = 0;

  /** Connects, and introduces itself in RESP3, where commands and messages come by one connection, in one order. */
  static async open(module: ClientModule, options: ConnectionOptions): Promise<RedisConnection> {
    const { target, signal } = options;
    signal.throwIfAborted();
    const client = makeClient(module, options);
    const connection = new RedisConnection(
      client,
      { [module.RESP_TYPES.BLOB_STRING]: Buffer, [module.RESP_TYPES.MAP]: Array },
      options,
    );
    const onAbort = (): void => {
      connection.destroy(asError(signal.reason));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    void connection.ended.then(() => {
      signal.removeEventListener("abort", onAbort);
    });
    if (!options.hold) client.unref();
    const timer = setTimeout(() => {
      connection.destroy(new Error(`no answer within ${String(options.answerMilliseconds)} ms`));
    }, options.answerMilliseconds);
    timer.unref();
    try {
      const connecting = client.connect();
      // Where the attempt ends first, nobody waits for this any more.
      connecting.catch(() => undefined);
      await Promise.race([connecting, connection.#lost]);
      if ("release" in target) await target.release();
      client.unref();
      return connection;
    } catch (error) {
      connection.destroy(asError(error));
      if ("release" in target) await target.release();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(client: Client, mapping: Mapping, { answerMilliseconds }: ConnectionOptions) {
    this.#client = client;
    this.#mapping = mapping;
    this.#answerMilliseconds = answerMilliseconds;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#lost = promise.then((reason) => Promise.reject(reason));
    this.#lost.catch(() => undefined);
    this.#end = resolve;
    // Whatever went wrong, an answer that is not understood included: this connection is over.
    client.on("error", (error: unknown) => {
      this.destroy(asError(error));
    });
    client.on("end", () => {
      this.destroy(new Error("the connection ended"));
    });
  }

  /**
   * Sends a command. A server that does not answer in time loses the connection: what comes later would be taken for the
   * answer to something else.
   *
   * @param hold whether the process stays alive until the answer.
   */
  async send(parts: readonly (string | Uint8Array)[], hold = true): Promise<Answer> {
    return this.#wait(hold, () =>
      this.#client.sendCommand<Answer>(parts.map(asArgument), { typeMapping: this.#mapping }),
    );
  }

  /** Runs a script, which is sent in full only to a server that does not know it. */
  async run(script: string, { keys, parameters }: ScriptCall, hold = true): Promise<Answer> {
    const rest = [String(keys.length), ...keys, ...parameters];
    try {
      return await this.send(["EVALSHA", createHash("sha1").update(script).digest("hex"), ...rest], hold);
    } catch (error) {
      if (!isReply(error, "NOSCRIPT")) throw error;
      return this.send(["EVAL", script, ...rest], hold);
    }
  }

  /** Listens on a channel, for as long as the connection lasts. */
  async subscribe(channel: string, listener: (message: Uint8Array) => void, hold = true): Promise<void> {
    await this.#wait(hold, () => this.#client.subscribe(channel, listener, true));
  }

  async #wait<Result>(hold: boolean, ask: () => Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => {
      this.destroy(new Error(`no answer within ${String(this.#answerMilliseconds)} ms`));
    }, this.#answerMilliseconds);
    timer.unref();
    if (hold && this.#waiting++ === 0) this.#client.ref();
    try {
      return await Promise.race([ask(), this.#lost]);
    } finally {
      clearTimeout(timer);
      if (hold && --this.#waiting === 0) this.#client.unref();
    }
  }

  /** Ends it; whoever waits for an answer gets none. */
  destroy(reason: Error): void {
    this.#end(reason);
    this.#client.destroy();
  }
}

/** Whether the server itself refused, with this word. */
export function isReply(error: unknown, word: string): boolean {
  return error instanceof Error && (error.message === word || error.message.startsWith(`${word} `));
}

type Client = ReturnType<typeof makeClient>;
type Mapping = Readonly<Record<number, typeof Buffer | typeof Array>>;

function makeClient(module: ClientModule, options: ConnectionOptions) {
  const { target, username, password, database, answerMilliseconds } = options;
  return module.createClient({
    RESP: 3,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    disableClientInfo: true,
    maintNotifications: "disabled",
    commandOptions: { timeout: 0 },
    socket: {
      ...("path" in target ? { path: target.path, tls: false } : { host: target.host, port: target.port, tls: false }),
      connectTimeout: answerMilliseconds,
      // Who comes back, and when, is decided above.
      reconnectStrategy: false,
    },
  });
}

function asArgument(part: string | Uint8Array): string | Buffer {
  return typeof part === "string" ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
