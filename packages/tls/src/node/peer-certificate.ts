import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/**
 * Reads the peer's certificate. node:tls's own `getPeerX509Certificate` takes the certificate out of the connection: a
 * second call, and `getPeerCertificate` from then on, find the issuer or nothing (Node 24.21).
 *
 * Only after the handshake, when the peer has used its key: `getPeerCertificate` ends the process where the key cannot be
 * read (Node 24.21).
 */
function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  // An empty object without a certificate, and null once the socket is closed, whatever the types say.
  const legacy = socket.getPeerCertificate() as { readonly raw?: Buffer } | null;
  return legacy?.raw && new X509Certificate(legacy.raw);
}

/**
 * Makes `getPeerX509Certificate` give the same answer whenever it is asked. A resumed connection has no certificate of
 * its own; `resumed` is the one that its session began with.
 */
export function keepPeerCertificate(socket: TLSSocket, resumed: X509Certificate | undefined): void {
  let known: X509Certificate | undefined;
  socket.getPeerX509Certificate = () => {
    known ??= socket.isSessionReused() ? resumed : peerCertificate(socket);
    return known;
  };
}

/** Whether the peer has sent a certificate, of a handshake that fails: nothing is read of it, and it is gone then. */
export function hasShownCertificate(socket: TLSSocket): boolean {
  const { TLSSocket: Socket } = process.getBuiltinModule("node:tls");
  return Socket.prototype.getPeerX509Certificate.call(socket) !== undefined;
}
