import { Agent, type AgentOptions } from "node:https";
import { refuseForeignOptions } from "./foreign-options.ts";
import { type AdapterOptions, openSecure } from "./open-secure.ts";

/**
 * Makes an agent for `https.request` and everything built on it. TLS settings of a request (`ca`, `rejectUnauthorized` …)
 * are refused: they belong here.
 *
 * @example
 * https.get("https://a.example/", { agent: httpsAgent({ backend: loadGnutlsTls() }, { keepAlive: true }) });
 */
export function httpsAgent(options: AdapterOptions = {}, agentOptions: HttpsPoolOptions = {}): Agent {
  const agent = new Agent(agentOptions);
  const secured: AdapterOptions = { alpnProtocols: ["http/1.1"], ...options };
  agent.createConnection = (request, callback) => {
    const { host, port, servername } = request;
    const opening = Promise.resolve().then(() => {
      refuseForeignOptions({ ...request });
      return openSecure(secured, { host: host ?? "localhost", port: Number(port ?? 443), serverName: servername });
    });
    opening.then(
      (socket) => callback?.(null, socket),
      // Node types the socket as always there; it looks at the error first.
      (error: unknown) => (callback as unknown as ((error: unknown) => void) | undefined)?.(error),
    );
    return undefined;
  };
  return agent;
}

/** How connections are kept and shared. */
export type HttpsPoolOptions = Pick<
  AgentOptions,
  "keepAlive" | "keepAliveMsecs" | "maxSockets" | "maxTotalSockets" | "maxFreeSockets" | "scheduling" | "timeout"
>;
