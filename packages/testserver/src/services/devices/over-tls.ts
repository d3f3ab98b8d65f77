import { createServer, type TLSSocket } from "node:tls";
import type { Connection } from "../../connection-log.ts";
import type { ShownIdentity } from "../http/https-driver.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** How a stream is secured. */
export interface OverTlsTerms {
  readonly identity: ShownIdentity;
  /** Whether a client without a certificate of the network's authority is refused. */
  readonly requiresCertificate?: boolean;
}

/** Puts TLS by node:tls in front of a service, and takes note of each handshake. */
export function overTls(
  { authorities: { root, intermediate } }: NetworkContext,
  { connections }: ServiceSelf,
  { identity, requiresCertificate = false }: OverTlsTerms,
  serve: (socket: TLSSocket, connection: Connection) => void,
): Required<Pick<StreamDriver, "accept">> {
  const server = createServer({
    ...{ cert: identity.certificate, key: identity.privateKey },
    ...(requiresCertificate && { requestCert: true, ca: [root.certificate, intermediate.certificate] }),
  });
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
    const connection = connections.find(socket);
    if (connection === undefined) socket.destroy();
    else serve(socket, connection);
  });
  server.on("tlsClientError", (error, socket) => {
    connections.addTlsFailure(socket, error);
  });
  return { accept: (socket) => server.emit("connection", socket) };
}
