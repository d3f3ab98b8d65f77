import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  Http2ServerResponse,
} from "node:http2";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { HttpService } from "../../http-service.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** Speaks HTTP/2 by ALPN; HTTP/1.1, where that is allowed, with those who offer nothing else. */
export async function openHttp2(
  network: NetworkContext,
  { name, connections }: ServiceSelf,
  { allowHttp1 }: { readonly allowHttp1: boolean },
): Promise<StreamDriver> {
  const { certificate, privateKey } = await network.goodIdentity();
  const server = createSecureServer({
    allowHTTP1: allowHttp1,
    cert: certificate,
    key: privateKey,
    settings: { enableConnectProtocol: true },
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    connections.addTls(socket);
  });
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
    connections.addTlsFailure(socket, error);
  });
  answerHttp2(server, network.serveHttp({ name, scheme: "https", connections }));
  network.tickets.attach(server, name);
  return { accept: (socket) => server.emit("connection", socket) };
}

/** Has a server of HTTP/2 answer with a service, in HTTP/1.1 too where it speaks that. */
export function answerHttp2(server: Http2Server | Http2SecureServer, service: HttpService): void {
  server.on("session", (session) => session.on("error", () => undefined));
  const answer = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    adapt(request, response);
    // What the service makes use of both versions have alike.
    service.onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  };
  server.on("request", answer);
  server.on("upgrade", service.onUpgrade);
  server.on("connect", (request: Http2ServerRequest, response: Http2ServerResponse | Duplex) => {
    // Of HTTP/1.1 it gives the socket; this is no proxy.
    if (response instanceof Http2ServerResponse) answer(request, response);
    else response.destroy();
  });
}

/** Makes of a request in HTTP/2 what endpoints know: the authority is its Host, and no field speaks of the connection. */
function adapt(request: Http2ServerRequest, response: Http2ServerResponse): void {
  if (request.httpVersionMajor === 1) return;
  request.headers.host ??= request.authority;
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (field, value): void => {
    if (!/^(?:connection|keep-alive|transfer-encoding)$/i.test(field)) setHeader(field, value);
  };
  response.stream.on("error", () => undefined);
}
