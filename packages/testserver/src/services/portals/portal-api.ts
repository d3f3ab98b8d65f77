import { createServer } from "node:https";
import type { ServerResponse } from "node:http";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** What a client needs to know of its portal. RFC 8908 section 5. */
export type PortalDocument = Readonly<Record<string, unknown>>;

/** Writes the answer of an API that is not as it should be. */
export type ApiAnswer = (response: ServerResponse, document: PortalDocument) => void;

/**
 * Serves the API of the portal: whether the client is captive, and where its page is.
 *
 * @see RFC 8908. The address of the API comes by DHCP or router advertisements (RFC 8910), which no process without
 * privileges can send; here it is in the manifest.
 */
export async function openPortalApi(
  network: NetworkContext,
  { connections }: ServiceSelf,
  answer: ApiAnswer = answerDocument,
): Promise<StreamDriver> {
  const { certificate: cert, privateKey: key } = await network.goodIdentity();
  const server = createServer({ ALPNProtocols: ["http/1.1"], cert, key }, (request, response) => {
    response.on("error", () => undefined);
    request.resume();
    if (request.url === "/api" && (request.method === "GET" || request.method === "HEAD")) {
      answer(response, describePortal(network));
      return;
    }
    response.writeHead(404, { "content-length": 0 });
    response.end();
  });
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
  });
  server.on("tlsClientError", (error, socket) => {
    connections.addTlsFailure(socket, error);
  });
  return { accept: (socket) => server.emit("connection", socket) };
}

function describePortal({ surroundings, clock, service }: NetworkContext): PortalDocument {
  const secondsLeft = surroundings.captivePortal.secondsLeft(clock.now());
  return {
    captive: secondsLeft === 0,
    "user-portal-url": `http://localhost:${service("portal").port}/login`,
    "venue-info-url": `http://localhost:${service("portal").port}/welcome`,
    "can-extend-session": true,
    ...(secondsLeft !== 0 && secondsLeft !== undefined && { "seconds-remaining": secondsLeft }),
  };
}

/** Answers as the RFC says. */
export function answerDocument(response: ServerResponse, document: PortalDocument): void {
  answerBytes(response, `${JSON.stringify(document)}\n`);
}

/** Answers with these bytes as if they were the document. */
export function answerBytes(response: ServerResponse, body: string, type = "application/captive+json"): void {
  response.writeHead(200, {
    "content-type": type,
    "cache-control": "private, no-store",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
