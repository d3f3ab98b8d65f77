import { TimeoutError, TlsError } from "@fairlead/core";
import { describeTrust, ticketBinding, trustFingerprint } from "@fairlead/tls";
import type { DtlsSocket } from "@fairlead/tls/datagram";
import type { DatagramPath } from "@fairlead/transport";
import type { TicketSubject } from "../memory/ticket-bank.ts";
import { OWN_PARTITION } from "../partition.ts";
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
 * Secures a path to a target: by a key, or by what the manager trusts and who the client is to everybody, with a session
 * from the bank if there is one.
 *
 * @throws TlsError; TransportError; TimeoutError; or the signal's reason.
 */
export async function secureDatagrams(
  below: DatagramPath,
  target: Target,
  { psk, ...options }: SecureDatagramsOptions,
  means: DatagramMeans,
  choice: DatagramBackendChoice,
): Promise<SecuredPath> {
  const { host } = target;
  const { backend } = choice;
  if (psk !== undefined) {
    const path = await backend.connectDatagram(below, { ...options, host, psk });
    return {
      path,
      tls: { ...factsOf(path, target, choice), trust: "the key that both know", clientIdentity: undefined },
    };
  }
  const { trust, identity } = means.settings;
  const path = await (means.acceptAnyCertificate
    ? backend.connectDatagram(below, {
        ...{ ...options, host, trust, identity: identity?.identity },
        dangerous: { acceptAnyCertificate: true },
      })
    : resume(below, target, options, means, choice));
  const facts = { trust: describeTrust(trust), clientIdentity: identity?.fingerprint };
  return { path, tls: { ...factsOf(path, target, choice), ...facts } };
}

/** With a session from the bank, which keeps what this handshake gives. */
async function resume(
  below: DatagramPath,
  target: Target,
  options: Omit<SecureDatagramsOptions, "psk">,
  { settings, tickets, lessons }: DatagramMeans,
  { backend }: DatagramBackendChoice,
): Promise<DtlsSocket> {
  const { trust, identity } = settings;
  const { host, port } = target;
  const binding = ticketBinding({
    ...{ backend, host, port },
    serverName: host,
    alpnProtocols: options.alpnProtocols ?? [],
    minVersion: "DTLSv1.2",
    maxVersion: "DTLSv1.2",
    verification: "full",
    trust: trustFingerprint(trust),
    identity: identity?.fingerprint,
  });
  const subject: TicketSubject = { binding, host: target.urlHost, partition: OWN_PARTITION };
  // A store that fails costs a full handshake.
  const session = await tickets.take(subject).catch((error: unknown) => {
    lessons.report(error);
    return undefined;
  });
  let gained: Uint8Array | undefined;
  try {
    const path = await backend.connectDatagram(below, {
      ...options,
      ...{ host, trust, identity: identity?.identity, session },
      onSession: (each) => {
        gained = each;
      },
    });
    const certificate = path.peerCertificate;
    if (gained !== undefined && certificate !== undefined) {
      const bytes = gained;
      lessons.guard(() => tickets.keep(subject, bytes, Date.parse(certificate.validTo)));
    }
    return path;
  } catch (error) {
    // Datagrams that the server cannot read are silence: nobody tells whether it was for the session.
    const mayBeItsFault = error instanceof TlsError || error instanceof TimeoutError;
    if (session !== undefined && mayBeItsFault) lessons.guard(() => tickets.drop(subject));
    throw error;
  }
}

function factsOf(
  path: DtlsSocket,
  { host }: Target,
  { backend, reason }: DatagramBackendChoice,
): Omit<TlsFacts, "trust" | "clientIdentity"> {
  const certificate = path.peerCertificate;
  // Unverified, a certificate may say anything.
  const notAfter = certificate === undefined ? Number.NaN : Date.parse(certificate.validTo);
  return {
    backend: backend.name,
    backendReason: reason,
    library: `${backend.library.name} ${backend.library.version}`,
    protocol: path.protocol,
    cipher: path.cipherSuite,
    alpn: path.alpnProtocol,
    resumed: path.resumed,
    earlyData: "none",
    authorized: path.authorized,
    repairedFrom: undefined,
    serverName: host,
    certificateFingerprint: certificate?.fingerprint256,
    certificateIssuer: certificate?.issuer,
    certificateNotAfter: Number.isNaN(notAfter) ? undefined : new Date(notAfter).toISOString(),
  };
}
