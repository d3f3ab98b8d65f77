import { mintAuthority, mintCertificate, type Authority } from "@fairlead/testserver/authority";
import type { TlsAcceptOptions, TlsSocket } from "@fairlead/tls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** What the server saw of one request. */
export interface EarlyRequest {
  readonly method: string;
  readonly target: string;
  /** Counts from 1. */
  readonly connection: number;
  /** Bytes of the connection so far that came with its first flight. */
  readonly earlyBytes: number;
  readonly resumed: boolean;
}

/** An https server that takes early data. */
export interface EarlyServer extends AsyncDisposable {
  readonly origin: string;
  readonly authority: Authority;
  readonly requests: readonly EarlyRequest[];
  /** Changes how further connections are accepted. */
  accept(options: Partial<TlsAcceptOptions>): void;
}

/** Starts a server of TLS 1.3 that takes early data; `/too-early` answers what came so with 425. RFC 8470. */
export async function earlyServer(): Promise<EarlyServer> {
  const authority = await mintAuthority({ commonName: "Early" });
  const identity = await mintCertificate({ issuer: authority, names: ["localhost"] });
  let accepting: TlsAcceptOptions = {
    identity,
    alpnProtocols: ["http/1.1"],
    earlyData: { maxBytes: 16_384 },
    ticketKeys: new Uint8Array(48).fill(7),
  };
  const requests: EarlyRequest[] = [];
  const sockets = new Map<unknown, { readonly number: number; readonly socket: TlsSocket }>();
  const http = createHttpServer((request: IncomingMessage, response: ServerResponse) => {
    const { number = 0, socket } = sockets.get(request.socket) ?? {};
    const { method = "", url: target = "" } = request;
    const [earlyBytes, resumed] = [socket?.earlyBytes ?? 0, socket?.isSessionReused() ?? false];
    requests.push({ method, target, connection: number, earlyBytes, resumed });
    const isEarly = requests.filter(({ connection }) => connection === number).length === 1 && earlyBytes > 0;
    response.writeHead(target === "/too-early" && isEarly ? 425 : 200).end("the body");
  });
  const streams = new Set<Socket>();
  const server = createServer((stream) => {
    streams.add(stream);
    stream.on("error", () => undefined).once("close", () => streams.delete(stream));
    const number = sockets.size + 1;
    loadOpensslTls()
      .accept(stream, accepting)
      .then(
        (socket) => {
          socket.on("error", () => undefined);
          sockets.set(socket, { number, socket });
          http.emit("connection", socket);
        },
        () => undefined,
      );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `https://localhost:${String((server.address() as AddressInfo).port)}`,
    authority,
    requests,
    accept: (options) => {
      accepting = { ...accepting, ...options };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      http.close();
      for (const stream of streams) stream.destroy();
      await once(server, "close");
    },
  };
}
