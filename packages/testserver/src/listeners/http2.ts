import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { ConnectionLog, type NextNumber } from "../connection-log.ts";
import { createHttpService, type HttpServiceOptions } from "../http-service.ts";
import type { MintedIdentity } from "../authority/authority.ts";
import type { ListenerPlan } from "./listener.ts";

/** Name of the listener that speaks HTTP/2. */
export type Http2ListenerName = "https-h2";

const name: Http2ListenerName = "https-h2";

/** Plans a listener that speaks HTTP/2, and HTTP/1.1 with those who offer nothing else. */
export function planHttp2(
  { certificate, privateKey }: Pick<MintedIdentity, "certificate" | "privateKey">,
  nextNumber: NextNumber,
  options: HttpServiceOptions,
): ListenerPlan {
  const connections = new ConnectionLog(nextNumber);
  const service = createHttpService(options, { name, scheme: "https", connections });
  const server = createSecureServer({
    allowHTTP1: true,
    cert: certificate,
    key: privateKey,
    settings: { enableConnectProtocol: true },
  });
  server.on("connection", (socket) => {
    if (socket instanceof Socket) connections.add(socket);
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    connections.addTls(socket);
  });
  server.on("tlsClientError", () => {
    connections.addTlsFailure();
  });
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
  const does = "speaks HTTP/2 by ALPN, extended CONNECT too, else HTTP/1.1, which alone has hand-written replies";
  return { name, scheme: "https", does, server, connections };
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
