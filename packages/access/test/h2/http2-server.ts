import type { Authority } from "@fairlead/testserver/authority";
import { mintCertificate } from "@fairlead/testserver/authority";
import { once } from "node:events";
import {
  createSecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";

/** A server of node:http2 over TLS. */
export interface Http2TestServer extends AsyncDisposable {
  readonly port: number;
  readonly sessions: readonly ServerHttp2Session[];
  /** TLS connections so far. */
  readonly sockets: readonly TLSSocket[];
  /** `https://name:port`. */
  origin(hostName?: string): string;
}

/** How it is started. */
export interface Http2ServerOptions {
  readonly ca: Authority;
  /** `a.fairlead.test` by default. */
  readonly names?: readonly string[];
  readonly settings?: {
    readonly maxConcurrentStreams?: number;
    readonly initialWindowSize?: number;
    readonly enableConnectProtocol?: boolean;
  };
  /** 127.0.0.1 by default. */
  readonly host?: string;
  readonly port?: number;
  /** Whether it speaks HTTP/1.1 as well, with those who ask for nothing else; not by default. */
  readonly allowHTTP1?: boolean;
}

/** Starts a server that hands each stream to `serve`. */
export async function http2Server(
  {
    ca,
    names = ["a.fairlead.test"],
    settings = {},
    host = "127.0.0.1",
    port = 0,
    allowHTTP1 = false,
  }: Http2ServerOptions,
  serve: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, session: Http2Session) => void,
): Promise<Http2TestServer> {
  const { certificate, privateKey } = await mintCertificate({ issuer: ca, names });
  const server = createSecureServer({ key: privateKey, cert: certificate, settings, allowHTTP1 });
  const sessions: ServerHttp2Session[] = [];
  const sockets: TLSSocket[] = [];
  server.on("secureConnection", (socket: TLSSocket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
  });
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => undefined);
  });
  // Not where it is not needed: with it, node:http2 sends trailers of its own.
  if (allowHTTP1) {
    server.on("request", (request, response) => {
      if (request.httpVersionMajor === 1) response.end("HTTP/1.1");
    });
  }
  server.on("stream", (stream, headers) => {
    // Clients of these tests leave in every way there is.
    stream.on("error", () => undefined);
    if (stream.session !== undefined) serve(stream, headers, stream.session);
  });
  server.listen(port, host);
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    sessions,
    sockets,
    origin: (hostName = "a.fairlead.test") => `https://${hostName}:${String(bound)}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
