import type { Socket } from "node:net";
import { connectTcp } from "@fairlead/transport";
import type { ClientModule } from "./client-module.ts";
import { RedisConnection, type Answer, type ConnectionTarget } from "./connection.ts";
import { handOver } from "./handover.ts";
import type { RedisHost, RedisLocation } from "./location.ts";
import type { RedisOptions } from "./redis-options.ts";

/** How an attempt to connect is made. */
export interface ConnectAttempt {
  readonly signal: AbortSignal;
  /** Whether the process stays alive for it. */
  readonly hold: boolean;
}

/** Finds the server that has a store's records and connects to it, each time anew: after a failover it is another. */
export class Connector {
  readonly #module: ClientModule;
  readonly #location: RedisLocation;
  readonly #options: RedisOptions;
  readonly #answerMilliseconds: number;

  constructor(module: ClientModule, location: RedisLocation, options: RedisOptions, answerMilliseconds: number) {
    this.#module = module;
    this.#location = location;
    this.#options = options;
    this.#answerMilliseconds = answerMilliseconds;
  }

  /** @param key one of the store's, which in a cluster says where the store is. */
  async connect(key: string, attempt: ConnectAttempt): Promise<RedisConnection> {
    const { route, username, password, database } = this.#location;
    const identity = { username, password, database };
    switch (route.type) {
      case "socket":
        return this.#open({ path: route.path, release: () => Promise.resolve() }, identity, attempt);
      case "server":
        return this.#connectTo(route.server, identity, attempt);
      case "cluster": {
        const server = await this.#ask(route.servers, identity, attempt, (asked, at) => findMaster(asked, at, key));
        return this.#connectTo(server, identity, attempt);
      }
      case "sentinel": {
        // Sentinels have no databases; and the password is the master's.
        const server = await this.#ask(route.servers, this.#options.sentinel ?? {}, attempt, (asked) =>
          findNamedMaster(asked, route.master),
        );
        return this.#connectTo(server, identity, attempt);
      }
    }
  }

  /** Asks one after the other, until one knows. */
  async #ask(
    servers: readonly RedisHost[],
    identity: Identity,
    attempt: ConnectAttempt,
    question: (connection: RedisConnection, server: RedisHost) => Promise<RedisHost>,
  ): Promise<RedisHost> {
    const failures: unknown[] = [];
    for (const server of servers) {
      attempt.signal.throwIfAborted();
      try {
        const connection = await this.#connectTo(server, identity, attempt);
        try {
          return await question(connection, server);
        } finally {
          connection.destroy(new Error("it was only asked"));
        }
      } catch (error) {
        failures.push(error);
      }
    }
    throw new AggregateError(failures, "no server tells where the store is");
  }

  async #connectTo(server: RedisHost, identity: Identity, attempt: ConnectAttempt): Promise<RedisConnection> {
    if (!this.#location.tls) return this.#open(server, identity, attempt);
    return this.#open(await this.#secure(server, attempt), identity, attempt);
  }

  #open(target: ConnectionTarget, identity: Identity, attempt: ConnectAttempt): Promise<RedisConnection> {
    const answerMilliseconds = this.#answerMilliseconds;
    return RedisConnection.open(this.#module, { target, ...identity, ...attempt, answerMilliseconds });
  }

  /** Connects by sockets and TLS of ours, and hands what comes of it to the client. */
  async #secure({ host, port }: RedisHost, { hold, signal }: ConnectAttempt): Promise<ConnectionTarget> {
    const { backend = (await import("@fairlead/tls/node")).nodeTls, ...options } = this.#options.tls ?? {};
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#answerMilliseconds)]);
    const socket: Socket = await connectTcp({ host, port, signal: limit });
    if (!hold) socket.unref();
    const secure = await backend.connect(socket, { ...options, host, peer: `${host}:${String(port)}`, signal: limit });
    // From here on, the client's end decides.
    socket.unref();
    return handOver(secure);
  }
}

interface Identity {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: number | undefined;
}

/** @see https://redis.io/docs/latest/commands/sentinel-get-master-addr-by-name */
async function findNamedMaster(connection: RedisConnection, name: string): Promise<RedisHost> {
  const answer = await connection.send(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name]);
  const [host, port] = isList(answer) ? answer : [];
  return hostOf(host, Number(textOf(port)));
}

/** @see https://redis.io/docs/latest/commands/cluster-slots */
async function findMaster(connection: RedisConnection, asked: RedisHost, key: string): Promise<RedisHost> {
  const slot = Number(await connection.send(["CLUSTER", "KEYSLOT", key]));
  const ranges = await connection.send(["CLUSTER", "SLOTS"]);
  for (const range of isList(ranges) ? ranges : []) {
    const [first, last, master] = isList(range) ? range : [];
    if (Number(first) > slot || Number(last) < slot || !isList(master)) continue;
    const host = textOf(master[0]);
    // Nothing or a question mark: where it was asked.
    return hostOf(host === "" || host === "?" ? asked.host : host, Number(master[1]));
  }
  throw new Error("no server of the cluster has the store's slot");
}

function hostOf(host: Answer | undefined, port: number): RedisHost {
  const name = textOf(host);
  if (name === "" || !Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("it knows no such master");
  return { host: name, port };
}

function textOf(answer: Answer | undefined): string {
  return Buffer.isBuffer(answer) || typeof answer === "string" ? answer.toString() : "";
}

function isList(answer: Answer | undefined): answer is readonly Answer[] {
  return Array.isArray(answer);
}
