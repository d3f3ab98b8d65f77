import { UsageError } from "@fairlead/core";
import type { Agent, ClientRequest, ClientRequestArgs } from "node:http";
import type { Agent as SecureAgent } from "node:https";
import type { Target, TargetCache } from "../../target.ts";
import type { AgentConnection } from "./agent-connection.ts";
import { LibrarySocket } from "./library-socket.ts";
import type { AgentOptions } from "./options.ts";
import { refuseSettings, type ConnectionSettings } from "./refused-settings.ts";

/** What gives agents their streams. */
export interface AgentGround {
  readonly targets: TargetCache;
  readonly connect: (target: Target, options: AgentOptions) => AgentConnection;
}

/** Makes an agent for `http:` URLs. */
export function openHttpAgent(options: AgentOptions, ground: AgentGround): Agent {
  const { Agent: HttpAgent } = process.getBuiltinModule("node:http");
  return adopt(new HttpAgent(poolOptions(options)), "http:", options, ground);
}

/** Makes an agent for `https:` URLs. */
export function openHttpsAgent(options: AgentOptions, ground: AgentGround): SecureAgent {
  const { Agent: HttpsAgent } = process.getBuiltinModule("node:https");
  return adopt(new HttpsAgent(poolOptions(options)), "https:", options, ground);
}

/** Streams to the manager that an agent keeps for its next requests to one origin. */
const FREE_SOCKETS = 16;

function poolOptions({ maxSockets }: AgentOptions): { keepAlive: true; maxFreeSockets: number; maxSockets?: number } {
  return { keepAlive: true, maxFreeSockets: FREE_SOCKETS, ...(maxSockets !== undefined && { maxSockets }) };
}

/** What an agent is handed each request by; libraries that make agents of their own rely on it, and its type is not told. */
interface Adopting {
  addRequest(request: ClientRequest, settings: ConnectionSettings): void;
}

/** Turns an agent of Node's to the manager: the same pool and queue, and other streams. */
function adopt<A extends Agent>(
  agent: A,
  protocol: string,
  options: AgentOptions,
  { targets, connect }: AgentGround,
): A {
  const pool = agent as unknown as Adopting;
  const addRequest = pool.addRequest.bind(agent);
  agent.createConnection = (args): LibrarySocket => {
    const { socketPath } = args;
    const target = targetOf(protocol, args, targets);
    return connect(target, (socketPath ?? undefined) === undefined ? options : { ...options, unix: String(socketPath) })
      .socket;
  };
  pool.addRequest = (request, settings): void => {
    const refusal = refuse(protocol, settings, targets);
    if (refusal !== undefined) {
      // As the agent itself tells that there is no socket.
      (request as unknown as { onSocket(socket: null, error: Error): void }).onSocket(null, refusal);
      return;
    }
    request.once("socket", (socket) => {
      if (socket instanceof LibrarySocket) socket.request = request;
    });
    addRequest(request, settings);
  };
  return agent;
}

function refuse(protocol: string, settings: ConnectionSettings, targets: TargetCache): Error | undefined {
  try {
    return refuseSettings(settings, targetOf(protocol, settings, targets));
  } catch (error) {
    return error as Error;
  }
}

/** @throws UsageError URL_INVALID for what is no host, or more than a host. */
function targetOf(protocol: string, { host, port }: ClientRequestArgs, targets: TargetCache): Target {
  const name = host ?? "localhost";
  const origin = `${protocol}//${name.includes(":") ? `[${name}]` : name}:${String(port ?? "")}`;
  if (!HOST.test(name)) throw new UsageError("URL_INVALID", { operation: "request", detail: "host" });
  try {
    return targets.find(origin);
  } catch {
    // Without its cause, which quotes what may hold anything.
    throw new UsageError("URL_INVALID", { operation: "request", detail: "host" });
  }
}

/** What ends no host in a URL: not the whole of its grammar, which the parser of URLs knows. */
const HOST = /^[^/\\?#@\s]*$/;
