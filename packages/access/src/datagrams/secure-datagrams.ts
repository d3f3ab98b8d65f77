import { TimeoutError, TlsError } from "@fairlead/core";
import { describeTrust, type IssuerSourceName, ticketBinding, trustFingerprint } from "@fairlead/tls";
import type { DtlsConnectOptions, DtlsSocket } from "@fairlead/tls/datagram";
import type { DatagramPath } from "@fairlead/transport";
import type { Agreement } from "../agreement/agreement.ts";
import type { ClientIdentity } from "../agreement/connection-terms.ts";
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
 * Secures a path to a target: by a key, or by what the manager trusts and who the client is to the server, with a session
 * from the bank if there is one.
 *
 * @throws TlsError; TransportError; TimeoutError; what the application threw; or the signal's reason.
 */
export async function secureDatagrams(
  below: DatagramPath,
  target: Target,
  { psk, ...options }: SecureDatagramsOptions,
  agreement: Agreement,
  means: DatagramMeans,
  choice: DatagramBackendChoice,
): Promise<SecuredPath> {
  const { host } = target;
  const { backend } = choice;
  if (psk !== undefined) {
    const path = await backend.connectDatagram(below, { ...options, host, psk });
    return {
      path,
      tls: {
        ...factsOf(path, target, choice),
        ...{ trust: "the key that both know", clientIdentity: undefined, repairedFrom: undefined },
      },
    };
  }
  const { trust } = means.settings;
  const { terms, chooseIdentity, judgeCertificate } = agreement;
  /** Who the client is, once that was asked inside the handshake. */
  let identity = terms.identity === undefined ? means.settings.identity : terms.identity;
  let repairedFrom: IssuerSourceName | undefined;
  const asked: CertifiedOptions = {
    ...options,
    ...{ host, trust, identity: identity === null ? null : identity?.identity },
    intermediates: { ...means.settings.intermediates, onRepaired: (from): void => void (repairedFrom = from) },
    ...(identity === undefined &&
      chooseIdentity && {
        onClientCertificate: async (request) => {
          identity = await chooseIdentity(request);
          return identity?.identity;
        },
      }),
  };
  const path = await (means.acceptAnyCertificate
    ? backend.connectDatagram(below, { ...asked, dangerous: { acceptAnyCertificate: true } })
    : resume(below, target, { ...asked, onCertificateError: judgeCertificate }, () => identity, means, choice));
  const facts = { trust: describeTrust(trust), clientIdentity: identity?.fingerprint, repairedFrom };
  return { path, tls: { ...factsOf(path, target, choice), ...facts } };
}

/** What goes with certificates. */
type CertifiedOptions = DtlsConnectOptions & Pick<SecureDatagramsOptions, "signal">;

/** With a session from the bank, which keeps what this handshake gives under who the client was in it. */
async function resume(
  below: DatagramPath,
  target: Target,
  options: CertifiedOptions,
  identityNow: () => ClientIdentity | null | undefined,
  { settings, tickets, lessons }: DatagramMeans,
  { backend }: DatagramBackendChoice,
): Promise<DtlsSocket> {
  const { host, port } = target;
  const subjectNow = (): TicketSubject => {
    const identity = identityNow();
    const binding = ticketBinding({
      ...{ backend, host, port },
      serverName: host,
      alpnProtocols: options.alpnProtocols ?? [],
      minVersion: "DTLSv1.2",
      maxVersion: "DTLSv1.2",
      verification: "full",
      trust: trustFingerprint(settings.trust),
      // Who chose to be nobody for once is not known by it the next time.
      identity: identity === null ? "nobody" : identity?.fingerprint,
    });
    return { binding, host: target.urlHost, partition: OWN_PARTITION };
  };
  const offered = subjectNow();
  // A store that fails costs a full handshake.
  const session = await tickets.take(offered).catch((error: unknown) => {
    lessons.report(error);
    return undefined;
  });
  let gained: Uint8Array | undefined;
  try {
    const path = await backend.connectDatagram(below, {
      ...options,
      session,
      onSession: (each) => {
        gained = each;
      },
    });
    const certificate = path.peerCertificate;
    if (gained !== undefined && certificate !== undefined) {
      const bytes = gained;
      lessons.guard(() => tickets.keep(subjectNow(), bytes, Date.parse(certificate.validTo)));
    }
    return path;
  } catch (error) {
    // Datagrams that the server cannot read are silence: nobody tells whether it was for the session.
    const mayBeItsFault = error instanceof TlsError || error instanceof TimeoutError;
    if (session !== undefined && mayBeItsFault) lessons.guard(() => tickets.drop(offered));
    throw error;
  }
}

function factsOf(
  path: DtlsSocket,
  { host }: Target,
  { backend, reason }: DatagramBackendChoice,
): Omit<TlsFacts, "trust" | "clientIdentity" | "repairedFrom"> {
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
    serverName: host,
    certificateFingerprint: certificate?.fingerprint256,
    certificateIssuer: certificate?.issuer,
    certificateNotAfter: Number.isNaN(notAfter) ? undefined : new Date(notAfter).toISOString(),
  };
}
