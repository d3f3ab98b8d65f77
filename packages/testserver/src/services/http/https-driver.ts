import { createServer } from "node:https";
import type { Server, TlsOptions } from "node:tls";
import type { MintedIdentity } from "../../authority/authority.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";

/** What a server shows of its identity. */
export interface ShownIdentity extends Pick<MintedIdentity, "certificate" | "privateKey"> {
  /** Shown instead to clients that cannot verify what the key of the first signs. */
  readonly second?: Pick<MintedIdentity, "certificate" | "privateKey">;
  /** The OCSP response for those who ask for it, whatever its bytes are. RFC 6066 section 8. */
  readonly staple?: Uint8Array;
}

/** How one https service differs from the ordinary. */
export interface HttpsDriverOptions {
  readonly identity: ShownIdentity;
  readonly tls?: TlsOptions | undefined;
  /** What else the server is told, before its first connection. */
  readonly prepare?: ((server: Server) => void) | undefined;
}

/** Serves all endpoints by HTTP/1.1 over TLS by node:tls. */
export function openHttps(
  network: NetworkContext,
  { name, connections }: ServiceSelf,
  { identity, tls, prepare }: HttpsDriverOptions,
): StreamDriver {
  const service = network.serveHttp({ name, scheme: "https", connections });
  const { second = [], staple } = identity;
  const identities = [identity].concat(second);
  const shown = { cert: identities.map((each) => each.certificate), key: identities.map((each) => each.privateKey) };
  const server = createServer({ ALPNProtocols: ["http/1.1"], ...shown, ...tls }, service.onRequest);
  if (staple !== undefined) {
    server.on(
      "OCSPRequest",
      (_certificate: unknown, _issuer: unknown, answer: (error: null, staple: Buffer) => void) => {
        answer(null, Buffer.from(staple));
      },
    );
  }
  server.on("upgrade", service.onUpgrade);
  server.on("checkContinue", service.onCheckContinue);
  server.on("secureConnection", (socket) => {
    connections.addTls(socket);
  });
  server.on("tlsClientError", (error, socket) => {
    connections.addTlsFailure(socket, error);
  });
  network.tickets.attach(server, name, tls?.sessionTimeout);
  prepare?.(server);
  return { accept: (socket) => server.emit("connection", socket) };
}
