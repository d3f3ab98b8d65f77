import { TimeoutError } from "@fairlead/core";
import { connectTcp } from "@fairlead/transport";
import { ticketBinding, trustFingerprint, type TlsBackend, type TlsSocket } from "@fairlead/tls";
import type { Duplex } from "node:stream";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { TicketBank } from "../memory/ticket-bank.ts";
import type { ConnectSettings } from "../options.ts";
import type { Target } from "../target.ts";
import type { ConnectionFacts, TlsFacts } from "../transaction.ts";

/** What is asked of one new connection. */
export interface ConnectRequest {
  readonly target: Target;
  /** Whether any certificate will do. Never true for a known HSTS host. */
  readonly unverified: boolean;
  readonly signal: AbortSignal;
}

/** A byte stream to an origin, secured if the origin is. */
export interface OpenedConnection {
  readonly stream: Duplex;
  readonly facts: ConnectionFacts;
}

/**
 * Opens a connection.
 *
 * @throws TransportError, TlsError, TimeoutError; or the signal's reason.
 */
export type Connector = (request: ConnectRequest) => Promise<OpenedConnection>;

/** HTTP/2 arrives with a pool of its own; this engine speaks HTTP/1.1. */
const ALPN_PROTOCOLS = ["http/1.1"] as const;

/** Opens connections by the settings of one manager, resuming TLS sessions from the bank. */
export function createConnector(settings: ConnectSettings, tickets: TicketBank, lessons: LostLessons): Connector {
  let connections = 0;

  return async ({ target, unverified, signal }) => {
    const started = performance.now();
    let resolved: number | undefined;
    const tcp = await withDeadline("connect", settings.timeouts.connect, target, signal, (deadline) =>
      connectTcp({
        host: target.host,
        port: target.port,
        signal: deadline,
        ...(settings.lookup && { lookup: settings.lookup }),
        onPhase: (phase) => {
          if (phase === "resolved") resolved ??= performance.now();
        },
      }),
    );
    const connected = performance.now();
    const remoteAddress = tcp.remoteAddress;

    let stream: Duplex = tcp;
    let tls: TlsFacts | undefined;
    if (target.secure) {
      const socket = await withDeadline("secure", settings.timeouts.secure, target, signal, (deadline) =>
        secure(tcp, target, unverified, settings, tickets, lessons, deadline),
      ).catch((error: unknown) => {
        tcp.destroy();
        throw error;
      });
      stream = socket;
      tls = tlsFacts(socket, settings.backend, target);
    }

    connections += 1;
    const facts: ConnectionFacts = {
      id: connections,
      remoteAddress,
      resolveMilliseconds: resolved === undefined ? undefined : resolved - started,
      connectMilliseconds: connected - (resolved ?? started),
      secureMilliseconds: target.secure ? performance.now() - connected : undefined,
      tls,
    };
    return { stream, facts };
  };
}

async function secure(
  below: Duplex,
  target: Target,
  unverified: boolean,
  settings: ConnectSettings,
  tickets: TicketBank,
  lessons: LostLessons,
  signal: AbortSignal,
): Promise<TlsSocket> {
  const { backend, trust, identity, minVersion, maxVersion } = settings;
  const binding = ticketBinding({
    backend,
    host: target.host,
    port: target.port,
    serverName: target.host,
    alpnProtocols: ALPN_PROTOCOLS,
    minVersion,
    maxVersion,
    verification: unverified ? "none" : "full",
    trust: trustFingerprint(trust),
    identity: settings.identityFingerprint,
  });

  // Sessions may come before the handshake is judged; none is kept before it is found good.
  let verified: TlsSocket | undefined;
  const early: Uint8Array[] = [];
  const keep = (socket: TlsSocket, session: Uint8Array): void => {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) return;
    // Called out of the socket, and as late as it pleases the server.
    lessons.guard(() => {
      tickets.keep(binding, session, Date.parse(certificate.validTo));
    });
  };

  const socket = await backend.connect(below, {
    host: target.host,
    peer: target.peer,
    alpnProtocols: ALPN_PROTOCOLS,
    minVersion,
    maxVersion,
    trust,
    identity,
    signal,
    ...(unverified
      ? { dangerous: { acceptAnyCertificate: true } }
      : {
          session: await takeTicket(tickets, binding, lessons),
          onSession: (session: Uint8Array): void => {
            if (verified === undefined) early.push(session);
            else keep(verified, session);
          },
        }),
  });
  if (!unverified && socket.authorized) {
    verified = socket;
    for (const session of early) keep(socket, session);
  }
  // A late refusal (TLS 1.3: no client certificate) is told without ending the stream; the engine would then report the
  // end that follows, and not its reason.
  socket.once("error", (error: Error) => socket.destroy(error));
  return socket;
}

/** A store that fails costs a full handshake. */
async function takeTicket(tickets: TicketBank, binding: string, lessons: LostLessons): Promise<Uint8Array | undefined> {
  try {
    return await tickets.take(binding);
  } catch (error) {
    lessons.report(error);
    return undefined;
  }
}

/** Runs one phase under its deadline and the caller's signal, and waits no longer than they allow. */
async function withDeadline<Result>(
  phase: "connect" | "secure",
  milliseconds: number,
  target: Target,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    deadline.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => {
    end(new TimeoutError(phase, { peer: target.peer, operation: phase }));
  }, milliseconds);
  const onAbort = (): void => {
    end(signal.reason);
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([run(deadline.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function tlsFacts(socket: TlsSocket, backend: TlsBackend, target: Target): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  return {
    backend: backend.name,
    library: `${backend.library.name} ${backend.library.version}`,
    protocol: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher().name,
    alpn: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    resumed: socket.isSessionReused(),
    authorized: socket.authorized,
    serverName: target.host,
    certificateFingerprint: certificate?.fingerprint256,
    certificateIssuer: certificate?.issuer,
    certificateNotAfter: certificate === undefined ? undefined : new Date(certificate.validTo).toISOString(),
  };
}
