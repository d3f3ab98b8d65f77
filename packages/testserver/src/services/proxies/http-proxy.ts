import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { forward, type ResponseChange } from "./forward.ts";
import type { ProxyGuard } from "./guard.ts";
import { parseAuthority, type ProxyTarget } from "./protocol/target.ts";
import { answerFailure, answerLine } from "./proxy-answers.ts";
import { recordAsked } from "./proxy-record.ts";
import { reach } from "./reach.ts";
import { joinStreams } from "./tunnel.ts";

/** A tunnel that was asked for, by somebody who may. */
export interface AskedTunnel {
  readonly target: ProxyTarget;
  /** The client, from whom everything behind the request's head is still to be read. */
  readonly client: Duplex;
  readonly network: NetworkContext;
  readonly self: ServiceSelf;
}

/** How one proxy differs from the ordinary. */
export interface HttpProxyTerms {
  readonly guard?: ProxyGuard | undefined;
  /** What becomes of a request for a tunnel; a tunnel to its target by default. */
  readonly tunnel?: ((asked: AskedTunnel) => Promise<void>) | undefined;
  /** What becomes of responses that are passed on. */
  readonly change?: ResponseChange | undefined;
}

/** Serves an HTTP proxy in the clear: requests in absolute form, and tunnels by CONNECT. */
export function openHttpProxy(network: NetworkContext, self: ServiceSelf, terms: HttpProxyTerms = {}): StreamDriver {
  const server = createServer();
  serveProxy(server, network, self, terms);
  return { accept: (socket) => server.emit("connection", socket) };
}

/** Has a server of `node:http` or `node:https` answer as a proxy. */
export function serveProxy(server: Server, network: NetworkContext, self: ServiceSelf, terms: HttpProxyTerms): void {
  const admits = (request: IncomingMessage, response: ServerResponse): boolean => {
    const connection = self.connections.find(request.socket)?.number ?? 0;
    const { method = "", url: target = "", headers } = request;
    recordAsked(network, self, { connection, method, target, headers });
    const admission = terms.guard?.(request) ?? { type: "admitted" };
    if (admission.type === "admitted") return true;
    response.setHeader("proxy-authenticate", admission.challenges);
    if (admission.closes === true) response.shouldKeepAlive = false;
    answerLine(response, 407, "this proxy asks for credentials");
    // What is left of the body is not waited for.
    request.resume();
    return false;
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    response.on("error", () => undefined);
    if (admits(request, response)) forward(request, response, network, self, terms.change);
  };
  server.on("request", onRequest);
  server.on("checkContinue", onRequest);
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const response = answerOn(request, socket);
    if (admits(request, response)) forward(request, response, network, self, terms.change, { socket, head });
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Credentials for a tunnel come on the connection on which they were asked for: the server listens to it again.
    const again = (): boolean => server.emit("connection", socket);
    const response = answerOn(request, socket, head.length === 0 ? again : undefined);
    if (!admits(request, response)) return;
    const target = parseAuthority(request.url ?? "");
    if (target === undefined) {
      answerLine(response, 400, "CONNECT takes host:port");
      return;
    }
    if (head.length > 0) socket.unshift(head);
    const open = terms.tunnel ?? openTunnel;
    open({ target, client: socket, network, self }).catch((error: unknown) => {
      answerFailure(response, error);
    });
  });
}

/** Opens the tunnel that was asked for. Rejects with why there is none, as long as nothing was answered. */
export async function openTunnel({ target, client, network }: AskedTunnel, answer = established): Promise<void> {
  const server = await reach(network, target);
  if (client.destroyed) {
    server.destroy();
    return;
  }
  client.write(answer);
  joinStreams(client, server);
}

/** The answer to CONNECT after which the tunnel begins. RFC 9110 section 9.3.6. */
export const established = "HTTP/1.1 200 Connection established\r\n\r\n";

/** Makes a response on a connection that `node:http` has let go of. It ends the connection unless it is kept. */
function answerOn(request: IncomingMessage, socket: Duplex, keep?: () => void): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = keep !== undefined && request.httpVersion === "1.1";
  response.assignSocket(request.socket);
  response.on("error", () => undefined);
  response.on("finish", () => {
    if (keep === undefined || !response.shouldKeepAlive) {
      socket.end();
      return;
    }
    response.detachSocket(request.socket);
    keep();
  });
  return response;
}
