import type { TlsSocket } from "@fairlead/tls";
import type { ClientIdentity, TlsFacts } from "../exchange/index.ts";

/**
 * Reads what is known of a secure connection once, when it begins.
 *
 * @param serverName what the client asked for.
 */
export function tlsFactsOf(socket: TlsSocket, serverName: string | undefined): TlsFacts {
  return {
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher().standardName,
    serverName,
    alpnProtocol: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    isResumed: socket.isSessionReused(),
    client: verifiedClient(socket),
  };
}

/** `authorized` is true only of a certificate that was verified, never for want of one. */
function verifiedClient(socket: TlsSocket): ClientIdentity | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return undefined;
  const chain = socket.getPeerChain();
  return { certificate, chain: chain.length === 0 ? [certificate.raw] : chain };
}
