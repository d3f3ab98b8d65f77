import type { Duplex } from "node:stream";
import type { TlsSocket } from "@fairlead/tls";
import type { CoapSecurity } from "../exchange.ts";

/**
 * Tells who the peer of a stream has shown to be; `undefined` where it is not secured. The name in a certificate is told
 * only where it was verified; the certificate's own key is the peer's either way.
 *
 * @param pskIdentity of the key that was offered to a server, where its TLS library does not tell which was used
 */
export function securityOf(stream: Duplex, pskIdentity?: string): CoapSecurity | undefined {
  if (!isTlsSocket(stream)) return undefined;
  const certificate = stream.getPeerX509Certificate();
  const identity = stream.pskIdentity ?? (certificate === undefined ? pskIdentity : undefined);
  if (identity !== undefined) return { type: "psk", identity };
  return {
    type: "certificate",
    fingerprint: certificate?.fingerprint256.replaceAll(":", "").toLowerCase(),
    subject: stream.authorized ? certificate?.subject : undefined,
  };
}

/** What both sides agreed to speak, where the stream is secured and they did. */
export function agreedProtocol(stream: Duplex): string | undefined {
  return isTlsSocket(stream) && typeof stream.alpnProtocol === "string" ? stream.alpnProtocol : undefined;
}

function isTlsSocket(stream: Duplex): stream is TlsSocket {
  return "encrypted" in stream && "getPeerX509Certificate" in stream;
}
