import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/**
 * Answers as HTTP/1.0: in no chunks, without an interim response, and only once on each connection, whose end is that of
 * a body without a length. RFC 1945; RFC 9112 section 6.3.
 */
export function openHttp10(network: NetworkContext, { name, connections }: ServiceSelf): StreamDriver {
  const service = network.serveHttp({ name, scheme: "http", connections });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
    service.onRequest(request, response);
  };
  const server = createServer(answer).on("checkContinue", answer);
  return {
    accept: (socket) => {
      renameVersion(socket);
      server.emit("connection", socket);
    },
  };
}

/** The version is in the first bytes that are written, which node:http does not let anybody choose. */
function renameVersion(socket: Socket): void {
  const write = socket.write.bind(socket);
  const writeFirst = (bytes: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    socket.write = write;
    const renamed = typeof bytes === "string" ? bytes.replace(/^HTTP\/1\.1 /, "HTTP/1.0 ") : bytes;
    // The rest is what `write` takes behind the bytes: an encoding, a callback.
    return Reflect.apply(write, socket, [renamed, ...rest]) as boolean;
  };
  socket.write = writeFirst;
}
