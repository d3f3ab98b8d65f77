import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createSecureServer as createHttp2Server } from "node:http2";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, ListenOptions } from "node:net";
import type { Duplex } from "node:stream";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws";

/** A server of the library `ws`, behind node:http, and what it saw. */
export interface WebSocketPeer extends AsyncDisposable {
  readonly port: number;
  readonly requests: readonly IncomingMessage[];
  /** Those that were opened. */
  readonly sockets: readonly WebSocket[];
  /** Connections that are open. */
  connections(): Promise<number>;
  /** `ws://host:port/path`; `wss` where it has a certificate. */
  url(path?: string, host?: string): string;
}

/** How it is started. */
export interface WebSocketPeerOptions {
  /** Speaks TLS, and asks for a client certificate of this authority where one is given. */
  readonly identity?: MintedIdentity;
  readonly clientAuthority?: string;
  /** Speaks HTTP/2, too, in which it opens no WebSocket. */
  readonly http2?: boolean;
  readonly websocket?: ServerOptions;
  readonly listen?: ListenOptions;
  /** Lines of a head that is answered in place of a WebSocket; `undefined` opens one. */
  readonly refuse?: (request: IncomingMessage, number: number) => readonly string[] | undefined;
  /** Fields of the handshake's answer. */
  readonly fields?: readonly string[];
}

/** Starts a server; `serve` gets each WebSocket, and its number from 1. What it does by default is to send all back. */
export async function webSocketPeer(
  options: WebSocketPeerOptions = {},
  serve: (socket: WebSocket, number: number, request: IncomingMessage) => void = echo,
): Promise<WebSocketPeer> {
  const { identity, refuse, fields = [] } = options;
  const server = openServer(options);
  const websockets = new WebSocketServer({ noServer: true, ...options.websocket });
  const requests: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  websockets.on("headers", (lines) => lines.push(...fields));
  server.on("request", (_request, response) => response.end("no WebSocket"));
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    requests.push(request);
    stream.on("error", () => undefined);
    const lines = refuse?.(request, requests.length);
    if (lines !== undefined) {
      // Its end is seen by who reads.
      stream.resume().end([...lines, "", ""].join("\r\n"));
      return;
    }
    websockets.handleUpgrade(request, stream, head, (socket) => {
      sockets.push(socket);
      // Clients of these tests leave in every way there is.
      socket.on("error", () => undefined);
      serve(socket, sockets.length, request);
    });
  });
  server.listen(options.listen ?? { port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address() as AddressInfo | string;
  const port = typeof address === "string" ? 0 : address.port;
  return {
    port,
    requests,
    sockets,
    connections: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
    url: (path = "/", host = "127.0.0.1") =>
      `${identity === undefined ? "ws" : "wss"}://${host}:${String(port)}${path}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function openServer({ identity, clientAuthority, http2 = false }: WebSocketPeerOptions): Server {
  if (identity === undefined) return createServer();
  const asking =
    clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: false };
  const options = { cert: identity.certificate, key: identity.privateKey, ...asking };
  if (!http2) return createSecureServer(options);
  // What is used of it here, it has in common with a server of node:http; but it knows nothing of its connections.
  const server = createHttp2Server({ ...options, allowHTTP1: true });
  return Object.assign(server, { closeAllConnections: () => undefined }) as unknown as Server;
}

/** Sends each message back as it came. */
export function echo(socket: WebSocket): void {
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    socket.send(data, { binary: isBinary });
  });
}
