import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { runPeer } from "./openssh.ts";
import { startPeer, type PeerProgram } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** How a server is set up. */
export interface RedisServerOptions {
  /** What clients have to know. */
  readonly password?: string;
  /** Writes every change to the disk before it answers, so that killing it loses nothing; otherwise it keeps nothing. */
  readonly durable?: boolean;
  /** Serves TLS on its port, and nothing else. */
  readonly identity?: MintedIdentity;
  /** Directives that are added, such as `maxmemory 2mb`. */
  readonly lines?: readonly string[];
  /** Runs it as a sentinel. */
  readonly sentinel?: boolean;
}

/** A Redis server on 127.0.0.1, with a folder of its own. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Its Unix socket. */
  readonly socket: string;
  readonly pid: number;
  /** It goes with the server. */
  readonly folder: string;
  /** `redis://127.0.0.1:port`, or `rediss://localhost:port`. */
  readonly url: string;
  /** Runs a command as `redis-cli` does, and returns what it prints. */
  command(...parts: readonly string[]): Promise<string>;
  /** Asks it to end, and waits for that. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port with the same folder. */
  start(): Promise<void>;
  /** Has it do nothing: connections are accepted, and nothing is answered. */
  pause(): void;
  resume(): void;
}

/** Why tests with Redis are skipped: what to install. In CI nothing is missing, and if it is, they fail. */
export function skipWithoutRedis(): string | false {
  const isThere = (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "redis-server"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return isThere || process.env["CI"] === "true" ? false : "redis-server is missing: apt-get install redis-server";
}

/** Starts a server. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-redis-server-"));
  const port = await unusedPort();
  const socket = join(folder, "redis.sock");
  const { identity, password } = options;
  if (identity !== undefined) await writeFile(join(folder, "server.pem"), identity.certificate + identity.privateKey);
  await writeFile(join(folder, "redis.conf"), configuration(folder, port, socket, options), { mode: 0o600 });
  let server = await start(folder, options);
  return {
    port,
    socket,
    folder,
    url: identity === undefined ? `redis://127.0.0.1:${String(port)}` : `rediss://localhost:${String(port)}`,
    get pid() {
      return server.pid;
    },
    command: (...parts) =>
      runPeer("redis-cli", ["-s", socket, ...parts], password === undefined ? {} : { REDISCLI_AUTH: password }),
    stop: async () => {
      await server.end();
    },
    kill: async () => {
      await server[Symbol.asyncDispose]();
    },
    start: async () => {
      server = await start(folder, options);
    },
    pause: () => process.kill(server.pid, "SIGSTOP"),
    resume: () => process.kill(server.pid, "SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function start(folder: string, { sentinel = false }: RedisServerOptions): Promise<PeerProgram> {
  const server = await startPeer("redis-server", [join(folder, "redis.conf"), ...(sentinel ? ["--sentinel"] : [])]);
  await server.says(sentinel ? /Sentinel ID is/ : /Ready to accept connections/);
  return server;
}

function configuration(
  folder: string,
  port: number,
  socket: string,
  { password, durable = false, identity, lines = [] }: RedisServerOptions,
): string {
  const pem = join(folder, "server.pem");
  return [
    "bind 127.0.0.1",
    identity === undefined ? `port ${String(port)}` : `port 0\ntls-port ${String(port)}`,
    ...(identity === undefined ? [] : [`tls-cert-file ${pem}`, `tls-key-file ${pem}`, "tls-auth-clients no"]),
    `unixsocket ${socket}`,
    "unixsocketperm 700",
    `dir ${folder}`,
    "daemonize no",
    'save ""',
    ...(durable ? ["appendonly yes", "appendfsync always"] : []),
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    ...lines,
    "",
  ].join("\n");
}
