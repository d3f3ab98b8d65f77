import { createSecureServer, type ServerHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { parseAuthority } from "./protocol/target.ts";
import { recordAsked } from "./proxy-record.ts";
import { reach, whyUnreachable } from "./reach.ts";
import { joinStreams } from "./tunnel.ts";

/** Serves tunnels as streams of HTTP/2. RFC 9113 section 8.5. */
export async function openHttp2Proxy(network: NetworkContext, self: ServiceSelf): Promise<StreamDriver> {
  const { certificate: cert, privateKey: key } = await network.goodIdentity();
  const server = createSecureServer({ cert, key, handshakeTimeout: 10_000, settings: { maxConcurrentStreams: 100 } });
  server.on("secureConnection", (socket: TLSSocket) => {
    self.connections.addTls(socket);
  });
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
    self.connections.addTlsFailure(socket, error);
  });
  server.on("session", (session) => session.on("error", () => undefined));
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    openTunnel(network, self, stream, headers).catch((error: unknown) => {
      const status = { "not-allowed": 403, refused: 502, unreachable: 504 }[whyUnreachable(error)];
      if (!stream.destroyed && !stream.headersSent) stream.respond({ ":status": status }, { endStream: true });
    });
  });
  return { accept: (socket) => server.emit("connection", socket) };
}

async function openTunnel(
  network: NetworkContext,
  self: ServiceSelf,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const { ":method": method = "", ":authority": target = "" } = headers;
  recordAsked(network, self, { connection: 0, method, target, headers });
  const asked = method === "CONNECT" ? parseAuthority(target) : undefined;
  if (asked === undefined) {
    stream.respond({ ":status": method === "CONNECT" ? 400 : 501 }, { endStream: true });
    return;
  }
  const server = await reach(network, asked);
  if (stream.destroyed) {
    server.destroy();
    return;
  }
  stream.respond({ ":status": 200 });
  joinStreams(stream, server);
}
