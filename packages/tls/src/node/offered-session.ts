import { X509Certificate } from "node:crypto";
import { certificateMatchesHost } from "../certificates/host.ts";
import type { TlsConnectOptions } from "../contract.ts";
import { sessionFacts } from "../tickets/index.ts";

/** A session that may be offered, and the certificate that the server showed when it began. */
export interface OfferedSession {
  readonly bytes: Buffer;
  readonly leaf: X509Certificate;
}

/**
 * Looks into a session before it is offered, because nothing is checked once it is resumed: it must come from a verified
 * connection, and its certificate must be for this host and not have expired. Otherwise `undefined`, and the handshake is
 * a full one. Which anchors its chain ended in is not in the bytes; that is what `ticketBinding` is for.
 */
export function offeredSession(options: TlsConnectOptions): OfferedSession | undefined {
  const { session, host, revocation } = options;
  // What was revoked since is seen in a full handshake only.
  if (revocation !== undefined) return undefined;
  const facts = session && sessionFacts(session);
  if (session === undefined || facts?.peerCertificate === undefined || !facts.verified) return undefined;
  const leaf = parseCertificate(facts.peerCertificate);
  if (leaf === undefined || leaf.validToDate.getTime() <= Date.now() || !certificateMatchesHost(leaf, host)) {
    return undefined;
  }
  return { bytes: Buffer.from(session), leaf };
}

function parseCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
