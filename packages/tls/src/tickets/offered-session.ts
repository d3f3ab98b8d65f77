import type { X509Certificate } from "node:crypto";
import type { CertificateReader } from "../certificates/certificate-reader.ts";
import { certificateMatchesHost } from "../certificates/host.ts";
import type { SessionVersion } from "../protocol/version.ts";
import { readSavedSession } from "./protocol/saved-session.ts";

/** A session that may be offered. */
export interface OfferedSession {
  /** The library's own. */
  readonly bytes: Uint8Array;
  /** The certificate that the server was verified by. */
  readonly leaf: X509Certificate;
}

/**
 * Looks into a session before it is offered, because the chain is not checked once it is resumed: its certificate must be
 * for this host and not have expired. Otherwise `undefined`, and the handshake is a full one.
 *
 * @param session as `onSession` gave it.
 */
export function offeredSession(
  session: Uint8Array,
  host: string,
  isOffered: (version: SessionVersion) => boolean,
  leaves: CertificateReader,
): OfferedSession | undefined {
  const known = readSavedSession(session);
  if (known === undefined || !isOffered(known.version)) return undefined;
  const leaf = leaves.read(known.peerCertificate);
  if (leaf === undefined || leaf.validToDate.getTime() <= Date.now()) return undefined;
  return certificateMatchesHost(leaf, host) ? { bytes: known.bytes, leaf } : undefined;
}
