import { createServer } from "node:http2";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { lookAtFirstBytes } from "./first-bytes.ts";
import { openHttp } from "./http-driver.ts";
import { answerHttp2 } from "./http2.ts";

/** How a connection in HTTP/2 begins, as far as no request in HTTP/1.1 does. RFC 9113 section 3.4. */
const PREFACE = "PRI * HTTP/2.0";

/**
 * Speaks HTTP/2 in the clear with clients that know beforehand, and HTTP/1.1 with others. `Upgrade: h2c` is not taken, as
 * nobody has to since RFC 9113 section 3.1: such a request is answered in HTTP/1.1.
 */
export function openH2c(network: NetworkContext, self: ServiceSelf): StreamDriver {
  const server = createServer({ settings: { enableConnectProtocol: true } });
  answerHttp2(server, network.serveHttp({ ...self, scheme: "http" }));
  const http1 = openHttp(network, self);
  return {
    accept: (socket, connection) => {
      lookAtFirstBytes(
        socket,
        (bytes) => bytes.length >= PREFACE.length || !PREFACE.startsWith(bytes.toString("latin1")),
        (bytes) => {
          if (bytes.toString("latin1", 0, PREFACE.length) === PREFACE) server.emit("connection", socket);
          else http1.accept(socket, connection);
        },
      );
    },
  };
}
