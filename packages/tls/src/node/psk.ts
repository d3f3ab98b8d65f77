import type { PSKCallbackNegotation, TLSSocket } from "node:tls";
import type { TlsAcceptOptions, TlsPsk } from "../contract.ts";

/** Answers node:tls's question of a client, whatever the server hints. */
export function offerPsk({ identity, key }: TlsPsk): () => PSKCallbackNegotation {
  return () => ({ identity, psk: key });
}

/** Answers node:tls's question of a server; what throws there refuses the identity. */
export function lookUpPsk(
  psk: NonNullable<TlsAcceptOptions["psk"]>,
): (socket: TLSSocket, identity: string) => Uint8Array | null {
  return (_socket, identity) => {
    try {
      return psk(identity) ?? null;
    } catch {
      return null;
    }
  };
}

/** Whether the handshake was authenticated by a shared key: then nobody showed a certificate, and nothing was resumed. */
export function usedPsk(socket: TLSSocket): boolean {
  const { name } = socket.getCipher();
  return /(?:^|-)PSK-/.test(name) || (socket.getProtocol() === "TLSv1.3" && socket.isSessionReused());
}
