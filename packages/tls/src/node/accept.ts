import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { TlsAcceptOptions, TlsSocket } from "../contract.ts";
import { requireOpen } from "../preconditions.ts";
import { whenSecure } from "./handshake.ts";
import { requireFeatures } from "../features.ts";
import { nodeFeatures } from "./features.ts";
import { completeSocket } from "./node-tls-socket.ts";
import type { SecureContexts } from "./secure-contexts.ts";

/** Secures `below` as the server; see `TlsBackend.accept`. */
export async function accept(contexts: SecureContexts, below: Duplex, options: TlsAcceptOptions): Promise<TlsSocket> {
  const { alpnProtocols, peer, signal } = options;
  try {
    signal?.throwIfAborted();
    requireFeatures({ name: "node", features: nodeFeatures }, options);
    requireOpen(below, peer);
    const socket = new TLSSocket(below, {
      isServer: true,
      secureContext: contexts.forAccept(options),
      ...(alpnProtocols !== undefined && { ALPNProtocols: [...alpnProtocols] }),
    });
    return await whenSecure(completeSocket(socket, undefined), below, {
      side: "server",
      peer,
      sentCertificate: false,
      signal,
    });
  } catch (error) {
    below.destroy();
    throw error;
  }
}
