import type { DtlsSocket } from "@fairlead/tls/datagram";
import type { CoapSecurity } from "../exchange.ts";

/** Who the peer of a secured path has shown to be; `undefined` for a server that was let in unverified. */
export function securedBy({
  pskIdentity,
  peerCertificate,
  authorized,
}: Pick<DtlsSocket, "pskIdentity" | "peerCertificate" | "authorized">): CoapSecurity | undefined {
  if (pskIdentity !== undefined) return { type: "psk", identity: pskIdentity };
  // A client that shows none is nobody, and reads what was meant for it alone all the same.
  if (peerCertificate === undefined) return { type: "certificate", fingerprint: undefined, subject: undefined };
  if (!authorized) return undefined;
  const { fingerprint256, subject } = peerCertificate;
  return { type: "certificate", fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(), subject };
}
