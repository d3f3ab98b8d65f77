import type { Duplex } from "node:stream";
import type { TlsSocket } from "@fairlead/tls";
import type { CoapSecurity } from "../exchange.ts";
import { securedBy } from "../secure/secured-by.ts";

/**
 * Tells who the peer of a stream has shown to be; `undefined` where nobody has, or nothing is secured.
 *
 * @param offeredIdentity of the key that a server was offered: a TLS library that does not tell whether it was used shows
 * no certificate then
 */
export function streamSecurity(stream: Duplex, offeredIdentity?: string): CoapSecurity | undefined {
  if (!isTlsSocket(stream)) return undefined;
  const peerCertificate = stream.getPeerX509Certificate();
  const pskIdentity = stream.pskIdentity ?? (peerCertificate === undefined ? offeredIdentity : undefined);
  return securedBy({ pskIdentity, peerCertificate, authorized: stream.authorized });
}

/** What both sides agreed to speak, where the stream is secured and they did. RFC 7301. */
export function agreedProtocol(stream: Duplex): string | undefined {
  return isTlsSocket(stream) && typeof stream.alpnProtocol === "string" ? stream.alpnProtocol : undefined;
}

function isTlsSocket(stream: Duplex): stream is TlsSocket {
  return "encrypted" in stream && "getPeerX509Certificate" in stream;
}
