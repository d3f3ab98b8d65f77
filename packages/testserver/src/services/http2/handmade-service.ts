import { createServer, type TLSSocket } from "node:tls";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver, StreamServiceEntry } from "../service-entry.ts";
import { type Behavior, HandmadeConnection } from "./handmade-connection.ts";

/** A service in HTTP/2 that behaves in one particular way. */
export interface HandmadeTerms<Name extends string> {
  readonly name: Name;
  /** One line that begins with a verb. */
  readonly does: string;
  readonly example?: string;
  /** Made anew whenever the service is opened: it may remember what came before. */
  readonly behave: () => Behavior | ((socket: TLSSocket) => void);
}

/** Makes the service: TLS with a good certificate, the protocol h2, and frames by hand. */
export function handmadeService<const Name extends string>(terms: HandmadeTerms<Name>): StreamServiceEntry<Name> {
  const { name, does, example = "curl --http2 --cacert {ca} {origin}/" } = terms;
  return {
    ...{ name, does, example },
    scheme: "https",
    followsClock: true,
    open: (network, self) => open(network, self, terms.behave()),
  };
}

async function open(
  network: NetworkContext,
  { name, connections }: ServiceSelf,
  behavior: ReturnType<HandmadeTerms<string>["behave"]>,
): Promise<StreamDriver> {
  const { certificate, privateKey } = await network.goodIdentity();
  const server = createServer({ cert: certificate, key: privateKey, ALPNProtocols: ["h2"] });
  server.on("tlsClientError", (error, socket) => {
    connections.addTlsFailure(socket, error);
  });
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
    if (typeof behavior === "function") {
      behavior(socket);
      return;
    }
    const connection = connections.find(socket)?.number ?? 0;
    new HandmadeConnection(socket, behavior, {
      said: (line) => {
        network.traffic.add({ type: "said", service: name, connection, by: "client", line });
      },
      failed: (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        network.traffic.add({ type: "failed", service: name, connection, reason });
      },
    });
  });
  return { accept: (socket) => server.emit("connection", socket) };
}
