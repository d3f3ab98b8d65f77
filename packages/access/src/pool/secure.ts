import {
  backendCan,
  describeTrust,
  ticketBinding,
  trustFingerprint,
  type ClientCertificateRequest,
  type IssuerSourceName,
  type TlsIdentity,
  type TlsSocket,
} from "@fairlead/tls";
import { transportErrorFrom } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { ConnectionTerms } from "../agreement/connection-terms.ts";
import type { EarlyDataRejections } from "../memory/early-data-rejections.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { TicketBank, TicketSubject } from "../memory/ticket-bank.ts";
import type { ConnectSettings } from "../options.ts";
import type { Target } from "../target.ts";
import type { TlsFacts } from "../transaction.ts";
import type { ConnectRequest, HttpProtocol } from "./connect-request.ts";
import { ConnectionLoss } from "./http-connection.ts";

/** A stream that was secured, and what came of it. */
export interface SecuredConnection {
  readonly socket: TlsSocket;
  /** What the handshake took; looking for a ticket before it does not count. */
  readonly milliseconds: number;
  /** With early data they are known when the handshake is over: before any response. */
  readonly facts: TlsFacts;
  /** As the facts. */
  readonly terms: ConnectionTerms;
  /** What was agreed on; before the handshake is over what early data is written by: what the session was gained with. */
  readonly protocol: HttpProtocol;
}

const HTTP1_ALONE: readonly HttpProtocol[] = ["http/1.1"];

/**
 * Secures a stream to a target, with a session from the bank if there is one, and banks the sessions that it gains.
 *
 * @throws TlsError; TransportError when the stream failed before; or the signal's reason.
 */
export async function secure(
  below: Duplex,
  {
    target,
    unverified,
    partition,
    terms,
    chooseIdentity,
    judgeCertificate,
    protocols = HTTP1_ALONE,
    alpnProtocols,
    psk,
    mayBeEarly,
    signal,
    onTicket,
  }: ConnectRequest,
  settings: ConnectSettings,
  tickets: TicketBank,
  rejections: EarlyDataRejections,
  lessons: LostLessons,
): Promise<SecuredConnection> {
  const { backend, trust, minVersion, maxVersion, groups, ciphers, onKeyLog } = settings;
  /** Who the client is, once that was asked inside the handshake. */
  let identity = terms.identity === undefined ? settings.identity : terms.identity;
  let chosen = terms;
  let repairedFrom: IssuerSourceName | undefined;
  const mayResume = !unverified && psk === undefined;
  // A session is bound to the protocol that it was gained with: early data has to be written by that one.
  const bindingNow = (protocol: HttpProtocol): string =>
    partition +
    ticketBinding({
      backend,
      host: target.host,
      port: target.port,
      serverName: target.host,
      alpnProtocols: alpnProtocols ?? [protocol],
      minVersion,
      maxVersion,
      groups,
      ciphers,
      verification: unverified ? "none" : "full",
      trust: trustFingerprint(trust),
      // Who chose to be nobody for once is not known by it the next time.
      identity: identity === null ? "nobody" : identity?.fingerprint,
    });

  const subjectOf = (binding: string): TicketSubject => ({ binding, host: target.urlHost, partition });

  // Sessions may come before the handshake is judged; none is kept before it is found good.
  let verified: TlsSocket | undefined;
  const early: Uint8Array[] = [];
  const keep = (socket: TlsSocket, session: Uint8Array): void => {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) return;
    // Called out of the socket, and as late as it pleases the server.
    lessons.guard(() => {
      tickets.keep(subjectOf(bindingNow(protocolOf(socket))), session, Date.parse(certificate.validTo));
    });
  };

  const asks =
    psk === undefined && identity === undefined && chooseIdentity !== undefined && tellsOfRequests(backend.name);

  // While the store is asked nobody else listens, and a peer that resets the stream then would end the process.
  below.on("error", () => undefined);
  let session: Uint8Array | undefined;
  let assumed: HttpProtocol = "http/1.1";
  const assumable = alpnProtocols === undefined ? protocols : HTTP1_ALONE;
  for (const protocol of mayResume ? assumable : []) {
    assumed = protocol;
    session = await takeTicket(tickets, subjectOf(bindingNow(protocol)), lessons);
    if (session !== undefined) break;
  }
  const offered = bindingNow(assumed);
  const isEarly = mayBeEarly && session !== undefined && !rejections.has(offered);
  if (below.errored) throw transportErrorFrom(below.errored, { peer: target.peer, operation: "secure" });
  const started = performance.now();
  const socket = await backend.connect(below, {
    host: target.host,
    peer: target.peer,
    alpnProtocols: alpnProtocols?.length === 0 ? undefined : (alpnProtocols ?? protocols),
    psk,
    minVersion,
    maxVersion,
    groups,
    ciphers,
    trust,
    intermediates: { ...settings.intermediates, onRepaired: (from): void => void (repairedFrom = from) },
    onCertificateError: judgeCertificate,
    identity: identity === null || psk !== undefined ? null : identity?.identity,
    ...(asks && {
      onClientCertificate: async (request: ClientCertificateRequest): Promise<TlsIdentity | undefined> => {
        identity = await chooseIdentity(request);
        chosen = { ...terms, identity };
        return identity?.identity;
      },
    }),
    signal,
    dangerous: { acceptAnyCertificate: unverified, ...(onKeyLog && { onKeyLog }) },
    ...(mayResume && {
      session,
      earlyData: isEarly,
      onSession: (session: Uint8Array): void => {
        onTicket?.();
        if (verified === undefined) early.push(session);
        else keep(verified, session);
      },
    }),
  });
  const learn = (): void => {
    // What it was sent early, and once more, it could not understand.
    if (!isOver && protocolOf(socket) !== assumed)
      socket.destroy(new ConnectionLoss("no", new Error("ALPN has changed")));
    rejections.note(offered, { rejected: socket.earlyData === "rejected", resumed: socket.isSessionReused() });
    if (!mayResume || !socket.authorized) return;
    verified = socket;
    for (const session of early) keep(socket, session);
  };
  const isOver = isHandshakeOver(socket);
  if (isOver) learn();
  // What fails it is told by the stream.
  else socket.handshakeDone.then(learn, () => undefined);
  // A late refusal (TLS 1.3: no client certificate) is told without ending the stream; the engine would then report the
  // end that follows, and not its reason.
  socket.once("error", (error: Error) => socket.destroy(error));
  const factsNow = (): TlsFacts =>
    tlsFacts(socket, settings, target, { clientIdentity: identity?.fingerprint, repairedFrom });
  let facts = factsNow();
  let isFinal = isOver;
  return {
    socket,
    milliseconds: performance.now() - started,
    get facts() {
      if (!isFinal) {
        isFinal = isHandshakeOver(socket);
        facts = factsNow();
      }
      return facts;
    },
    get terms() {
      return chosen;
    },
    get protocol() {
      return isHandshakeOver(socket) ? protocolOf(socket) : assumed;
    },
  };
}

/** Without ALPN it is HTTP/1.1. RFC 9113 section 3.2. */
function protocolOf(socket: TlsSocket): HttpProtocol {
  return socket.alpnProtocol === "h2" ? "h2" : "http/1.1";
}

/** With early data a socket is there before: until its handshake is over, what is written goes with the first flight. */
export function isHandshakeOver(socket: TlsSocket): boolean {
  return socket.getProtocol() !== null;
}

/** Whether a backend tells what a server wants to know of the client: inside the handshake, or by ending it. */
export function tellsOfRequests(backend: string): boolean {
  return backendCan(backend, "client-certificate-question") || backendCan(backend, "client-certificate-restart");
}

/** A store that fails costs a full handshake. */
async function takeTicket(
  tickets: TicketBank,
  subject: TicketSubject,
  lessons: LostLessons,
): Promise<Uint8Array | undefined> {
  try {
    return await tickets.take(subject);
  } catch (error) {
    lessons.report(error);
    return undefined;
  }
}

function tlsFacts(
  socket: TlsSocket,
  { backend, backendReason, trust }: ConnectSettings,
  target: Target,
  found: Pick<TlsFacts, "clientIdentity" | "repairedFrom">,
): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  // Unverified, a certificate may say anything.
  const notAfter = certificate === undefined ? Number.NaN : Date.parse(certificate.validTo);
  return {
    backend: backend.name,
    backendReason,
    library: `${backend.library.name} ${backend.library.version}`,
    protocol: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher().name,
    alpn: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    resumed: socket.isSessionReused(),
    earlyData: socket.earlyData,
    authorized: socket.authorized,
    trust: describeTrust(trust),
    serverName: target.host,
    ...found,
    certificateFingerprint: certificate?.fingerprint256,
    certificateIssuer: certificate?.issuer,
    certificateNotAfter: Number.isNaN(notAfter) ? undefined : new Date(notAfter).toISOString(),
  };
}
