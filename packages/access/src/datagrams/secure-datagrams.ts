import { describeTrust } from "@fairlead/tls";
import type { DtlsSocket } from "@fairlead/tls/datagram";
import type { DatagramPath } from "@fairlead/transport";
import type { Target } from "../target.ts";
import type { TlsFacts } from "../transaction.ts";
import type { DatagramBackendChoice } from "./datagram-backend.ts";
import type { DatagramMeans } from "./datagram-means.ts";
import type { ConnectDatagramsOptions } from "./options.ts";

/** A path that was secured, and what came of it. */
export interface SecuredPath {
  readonly path: DtlsSocket;
  readonly tls: TlsFacts;
}

/** How one path is secured. */
export interface SecureDatagramsOptions extends ConnectDatagramsOptions {
  readonly signal: AbortSignal;
  /** The whole handshake. */
  readonly timeoutMilliseconds: number;
}

/**
 * Secures a path to a target, by what the manager trusts and who the client is to everybody, or by a key.
 *
 * @throws TlsError; TransportError; TimeoutError; or the signal's reason.
 */
export async function secureDatagrams(
  below: DatagramPath,
  target: Target,
  { psk, ...options }: SecureDatagramsOptions,
  { settings, acceptAnyCertificate }: DatagramMeans,
  { backend, reason }: DatagramBackendChoice,
): Promise<SecuredPath> {
  const { trust, identity } = settings;
  const path = await backend.connectDatagram(below, {
    ...options,
    host: target.host,
    ...(psk === undefined
      ? { trust, identity: identity?.identity, dangerous: acceptAnyCertificate ? { acceptAnyCertificate } : undefined }
      : { psk }),
  });
  const certificate = path.peerCertificate;
  // Unverified, a certificate may say anything.
  const notAfter = certificate === undefined ? Number.NaN : Date.parse(certificate.validTo);
  return {
    path,
    tls: {
      backend: backend.name,
      backendReason: reason,
      library: `${backend.library.name} ${backend.library.version}`,
      protocol: path.protocol,
      cipher: path.cipherSuite,
      alpn: path.alpnProtocol,
      resumed: false,
      earlyData: "none",
      authorized: path.authorized,
      trust: psk === undefined ? describeTrust(trust) : "the key that both know",
      repairedFrom: undefined,
      serverName: target.host,
      clientIdentity: psk === undefined ? identity?.fingerprint : undefined,
      certificateFingerprint: certificate?.fingerprint256,
      certificateIssuer: certificate?.issuer,
      certificateNotAfter: Number.isNaN(notAfter) ? undefined : new Date(notAfter).toISOString(),
    },
  };
}
