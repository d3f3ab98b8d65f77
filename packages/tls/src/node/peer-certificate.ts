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

/**
 * Takes all certificates out of the connection, DER, as the peer sent them, leaf first. What the socket says of its peer
 * stays what it was. Node frees none but the leaf.
 */
export function takeSentCertificates(socket: TLSSocket): readonly Uint8Array[] {
  const legacy = socket.getPeerCertificate(true);
  socket.getPeerX509Certificate();
  const sent: Uint8Array[] = [];
  for (let next = takeOut(socket); next !== undefined; next = next.issuerCertificate) sent.push(next.raw);
  socket.getPeerCertificate = () => legacy;
  return sent;
}

/**
 * Whether a server has shown its certificate in a handshake that fails: what it sends of the key exchange comes behind it
 * up to TLS 1.2, and after it TLS 1.3 has an alert of its own for what the client did not show. Nothing is taken out of
 * the connection to find out: who fails handshakes on purpose would have Node keep it.
 *
 * @see RFC 5246 section 7.3
 */
export function hasShownCertificate(socket: TLSSocket): boolean {
  return socket.getProtocol() !== "TLSv1.3" && Object.keys(socket.getEphemeralKeyInfo() ?? {}).length > 0;
}

/** As node:tls does it. What it calls the issuer is the certificate that was sent next, whoever issued it. */
function takeOut(socket: TLSSocket): X509Certificate | undefined {
  return process.getBuiltinModule("node:tls").TLSSocket.prototype.getPeerX509Certificate.call(socket);
}
