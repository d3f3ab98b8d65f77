import { TimeoutError, TransportError } from "@fairlead/core";
import type { Proxy } from "@fairlead/http/proxies";
import { formatPeer } from "@fairlead/transport";
import { channelBinding, registeredGroup, type ClientCertificateRequest, type TlsSocket } from "@fairlead/tls";
import type { Duplex } from "node:stream";
import { NO_TERMS, type ConnectionTerms } from "../agreement/connection-terms.ts";
import type { EarlyDataRejections } from "../memory/early-data-rejections.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { TicketBank } from "../memory/ticket-bank.ts";
import type { ConnectSettings } from "../options.ts";
import type { Partition } from "../partition.ts";
import { withDeadline } from "../phase-clock.ts";
import { openRoute } from "../route/open-route.ts";
import { DIRECT, type Route } from "../route/route.ts";
import type { Target } from "../target.ts";
import type { Timeouts } from "../timeouts.ts";
import type { ConnectionFacts } from "../transaction.ts";
import type { ConnectRequest, HttpProtocol } from "./connect-request.ts";
import type { SharedConnection } from "./h2/shared-connection.ts";
import { isHandshakeOver, secure } from "./secure.ts";

/** A byte stream to an origin, secured if the origin is. */
export interface OpenedConnection {
  readonly stream: Duplex;
  readonly facts: ConnectionFacts;
  /** What it is made by in the end, once the handshake is over: by the request's, and what was chosen inside it. */
  readonly terms: ConnectionTerms;
  /** What is spoken on it. */
  readonly protocol: HttpProtocol;
  /** Whether what is written now would still go as early data. */
  readonly isEarly: boolean;
  /** With HTTP/2: the connection of another origin that it is, or what offers it to others. */
  readonly sharing?:
    | { readonly type: "joins"; readonly connection: SharedConnection }
    | { readonly type: "offers"; readonly offer: (connection: SharedConnection) => void };
}

/**
 * Opens a connection.
 *
 * @throws TransportError, TlsError, TimeoutError; or the signal's reason.
 */
export type Connector = (request: ConnectRequest) => Promise<OpenedConnection>;

/** How long each phase of connecting with an alternative service may take: the origin itself is as good. */
const ALTERNATIVE_MILLISECONDS = 2_000;

/** Opens connections by the settings of one manager, resuming TLS sessions from the bank. */
export function createConnector(
  settings: ConnectSettings,
  tickets: TicketBank,
  lessons: LostLessons,
  rejections: EarlyDataRejections,
): Connector {
  return async (connectRequest) => {
    const { target, route, terms, protocols, chooseIdentity, partition, signal } = connectRequest;
    const timeouts = timeoutsFor(connectRequest, settings);
    if (route.type === "alternative" && protocols?.includes("h2") !== true) throw noAlternative(route);
    const started = performance.now();
    let resolved: number | undefined;
    const waitingFor = { peer: target.peer };
    const { stream: below, remoteAddress } = await withDeadline(
      "connect",
      timeouts.connect,
      waitingFor,
      signal,
      (deadline, clock) =>
        openRoute({
          target,
          route,
          partition,
          names: settings.names,
          tcp: settings.tcp,
          signal: deadline,
          secureProxy: async (below, proxy, signal) => {
            const request = proxyRequest(proxy, partition, signal);
            const { socket } = await secure(below, request, settings, tickets, rejections, lessons);
            return { stream: socket, findBinding: () => endPointBinding(socket) };
          },
          converse: (proxy, destination, signal) => {
            const { onAuthenticate } = connectRequest;
            const url = `${target.origin}/`;
            return settings.proxyAuthentication.converse({
              proxy,
              destination,
              url,
              partition,
              onAuthenticate,
              signal,
            });
          },
          // Whoever is asked may take the time that a person takes.
          waitFor: (question) => clock.stopFor(question),
          onResolving: () => {
            clock.enter("resolve", timeouts.resolve);
          },
          onResolved: () => {
            clock.enter("connect", timeouts.connect);
            resolved ??= performance.now();
          },
          onWaiting: (peer) => {
            waitingFor.peer = peer;
          },
        }),
    );
    const connected = performance.now();

    const secured = !target.secure
      ? undefined
      : await withDeadline("secure", timeouts.secure, target, signal, (deadline, clock) => {
          // Whoever is asked may take the time that a person takes.
          const choose =
            chooseIdentity && ((request: ClientCertificateRequest) => clock.stopFor(() => chooseIdentity(request)));
          const request = { ...connectRequest, chooseIdentity: choose, signal: deadline };
          return secure(below, asRouteAllows(request), settings, tickets, rejections, lessons);
        }).catch((error: unknown) => {
          below.destroy();
          throw error;
        });

    if (route.type === "alternative" && secured?.protocol !== "h2") {
      (secured?.socket ?? below).destroy();
      throw noAlternative(route);
    }

    const facts: ConnectionFacts = {
      id: settings.countConnection(),
      remoteAddress,
      resolveMilliseconds: resolved === undefined ? undefined : resolved - started,
      connectMilliseconds: connected - (resolved ?? started),
      secureMilliseconds: secured?.milliseconds,
      get tls() {
        return secured?.facts;
      },
      channelBinding: () => secured && endPointBinding(secured.socket),
      chain: () => (secured === undefined ? [] : chainOf(secured.socket)),
      group: () => secured && groupOf(secured.socket),
      staple: () => secured?.socket.stapleVerdict,
    };
    if (secured !== undefined && !isHandshakeOver(secured.socket))
      limitHandshake(secured.socket, timeouts.secure, target);
    return {
      stream: secured?.socket ?? below,
      facts,
      get terms() {
        return secured?.terms ?? terms;
      },
      protocol: secured?.protocol ?? "http/1.1",
      get isEarly() {
        return secured !== undefined && !isHandshakeOver(secured.socket);
      },
    };
  };
}

/** Nobody sees it but the stage that goes to the origin instead. */
function noAlternative({ host, port }: Route & { readonly type: "alternative" }): TransportError {
  const detail = "the alternative service is not asked by HTTP/2";
  return new TransportError("TRANSPORT_FAILED", { peer: formatPeer(host, port), operation: "connect", detail });
}

function timeoutsFor({ route, timeouts }: ConnectRequest, settings: ConnectSettings): Timeouts {
  const all = timeouts ?? settings.timeouts;
  if (route.type !== "alternative") return all;
  const within = (milliseconds: number): number => Math.min(milliseconds, ALTERNATIVE_MILLISECONDS);
  return { ...all, resolve: within(all.resolve), connect: within(all.connect), secure: within(all.secure) };
}

/**
 * An alternative service has to show that it speaks for the origin, by HTTP/2, and no exception is made for it.
 *
 * @see RFC 7838 section 2.1
 */
function asRouteAllows(request: ConnectRequest): ConnectRequest {
  if (request.route.type !== "alternative") return request;
  return { ...request, unverified: false, judgeCertificate: undefined, protocols: ["h2"] };
}

/** TLS with a proxy: verified as any other, without a client certificate, and no exception is made for it. */
function proxyRequest({ host, port }: Proxy, partition: Partition, signal: AbortSignal): ConnectRequest {
  const peer = formatPeer(host, port);
  const target: Target = {
    origin: `https://${peer}`,
    protocol: "https:",
    secure: true,
    host,
    urlHost: host.includes(":") ? `[${host}]` : host,
    port,
    authority: peer,
    peer,
  };
  return {
    target,
    route: DIRECT,
    unverified: false,
    partition,
    terms: { ...NO_TERMS, identity: null },
    chooseIdentity: undefined,
    judgeCertificate: undefined,
    mayBeEarly: false,
    signal,
  };
}

/** Ends a handshake that goes on too long behind early data. */
function limitHandshake(socket: TlsSocket, milliseconds: number, { peer }: Target): void {
  const timer = setTimeout(() => {
    socket.destroy(new TimeoutError("secure", { peer, operation: "secure" }));
  }, milliseconds);
  const clear = (): void => {
    clearTimeout(timer);
  };
  socket.handshakeDone.then(clear, clear);
}

/** A resumed session brings no chain; of what the session remembers the leaf is known. */
function chainOf(socket: TlsSocket): readonly Uint8Array[] {
  const sent = socket.getPeerChain();
  const leaf = sent.length > 0 ? undefined : socket.getPeerX509Certificate();
  return leaf === undefined ? sent : [leaf.raw];
}

function groupOf(socket: TlsSocket): string | undefined {
  const info = socket.getEphemeralKeyInfo();
  if (info === null || !("name" in info) || typeof info.name !== "string") return undefined;
  return registeredGroup(info.name) ?? info.name;
}

/** Certificates whose signature has no hash of its own bind nothing. RFC 5929 section 4.1. */
function endPointBinding(socket: TlsSocket): Uint8Array | undefined {
  try {
    return channelBinding(socket, "tls-server-end-point");
  } catch {
    return undefined;
  }
}
