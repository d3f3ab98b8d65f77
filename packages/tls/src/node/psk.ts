import type { PSKCallbackNegotation, TLSSocket } from "node:tls";
import type { TlsAcceptOptions, TlsPsk } from "../contract.ts";

/** Answers node:tls's question of a client, whatever the server hints. */
export function offerPsk({ identity, key }: TlsPsk): () => PSKCallbackNegotation {
  return () => ({ identity, psk: key });
}

/** The question that node:tls asks a server, and what was answered last. */
export interface PskQuestion {
  readonly ask: (socket: TLSSocket, identity: string) => Uint8Array | null;
  /**
   * The last identity that was asked for, if it is known. A client may offer several, of which the last that is asked for
   * is the one that is used; tickets are asked for as well, and are known to nobody, so that one who resumes a session has
   * none of the identities that it offered before.
   */
  readonly identity: string | undefined;
}

/** Answers node:tls's question of a server; what throws there refuses the identity. */
export function pskQuestion(psk: NonNullable<TlsAcceptOptions["psk"]>): PskQuestion {
  let known: string | undefined;
  return {
    ask(_socket, identity) {
      known = undefined;
      try {
        const key = psk(identity) ?? null;
        if (key !== null) known = identity;
        return key;
      } catch {
        return null;
      }
    },
    get identity() {
      return known;
    },
  };
}

/** Whether the handshake was authenticated by a shared key: then nobody showed a certificate, and nothing was resumed. */
export function usedPsk(socket: TLSSocket): boolean {
  // Null once the socket is closed, whatever the types say.
  const cipher = socket.getCipher() as { readonly name: string } | null | undefined;
  return /(?:^|-)PSK-/.test(cipher?.name ?? "") || (socket.getProtocol() === "TLSv1.3" && socket.isSessionReused());
}
