import { createServer as createHttpServer } from "node:http";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { ShownIdentity } from "../http/https-driver.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { type HttpProxyTerms, serveProxy } from "./http-proxy.ts";

/** How the way to a proxy is secured. */
export interface HttpsProxyTerms extends HttpProxyTerms {
  /** The good one by default. */
  readonly identity?: ShownIdentity | undefined;
  readonly tls?: TlsOptions | undefined;
}

/** Serves an HTTP proxy to which clients speak over TLS. */
export async function openHttpsProxy(
  network: NetworkContext,
  self: ServiceSelf,
  terms: HttpsProxyTerms = {},
): Promise<StreamDriver> {
  const { certificate, privateKey } = terms.identity ?? (await network.goodIdentity());
  const http = createHttpServer();
  serveProxy(http, network, self, terms);
  const server = createTlsServer({
    ALPNProtocols: ["http/1.1"],
    cert: certificate,
    key: privateKey,
    // A client that leaves in the middle of its handshake leaves the other half open, as tunnels need it.
    handshakeTimeout: 10_000,
    ...terms.tls,
  });
  server.on("secureConnection", (socket) => {
    self.connections.addTls(socket);
    http.emit("connection", socket);
  });
  server.on("tlsClientError", (error, socket) => {
    self.connections.addTlsFailure(socket, error);
  });
  return { accept: (socket) => server.emit("connection", socket) };
}
