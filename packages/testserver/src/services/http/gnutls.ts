import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2, type Http2Session, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { answerHttp2 } from "./http2.ts";

/**
 * Speaks TLS by the system's GnuTLS, and over it the first of these protocols that the client offers. Where the library is
 * missing, each connection is closed, and the traffic says what to install.
 */
export async function openGnutls(
  network: NetworkContext,
  { name, connections }: ServiceSelf,
  alpnProtocols: readonly ("h2" | "http/1.1")[],
): Promise<StreamDriver> {
  const [{ loadGnutlsTls }, identity] = await Promise.all([import("@fairlead/tls-gnutls"), network.goodIdentity()]);
  const backend = loadGnutlsTls();
  const below = new WeakMap<Http2Session, Socket>();
  const service = network.serveHttp({
    ...{ name, scheme: "https", connections },
    connectionOf: (request) => {
      // A request in HTTP/2 has a stream, which has the session; its socket is a stand-in.
      const { stream } = request as { readonly stream?: ServerHttp2Stream };
      const tcp = stream?.session === undefined ? undefined : below.get(stream.session);
      return tcp === undefined ? undefined : connections.find(tcp);
    },
  });
  const http1 = createHttp1(service.onRequest).on("upgrade", service.onUpgrade);
  http1.on("checkContinue", service.onCheckContinue);
  const http2 = createHttp2({ settings: { enableConnectProtocol: true } });
  answerHttp2(http2, service);
  const secure = async (tcp: Socket): Promise<void> => {
    try {
      const socket = await backend.accept(tcp, { identity, alpnProtocols });
      connections.addTls(socket, tcp);
      if (socket.alpnProtocol === "h2") {
        // The session is there before `emit` returns.
        http2.once("session", (session) => below.set(session, tcp));
        http2.emit("connection", socket);
      } else http1.emit("connection", socket);
    } catch (error) {
      connections.addTlsFailure(tcp, error);
      tcp.destroy();
    }
  };
  return { accept: (tcp) => void secure(tcp) };
}
