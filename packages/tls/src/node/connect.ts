import type { Duplex } from "node:stream";
import { connect as tlsConnect, type TLSSocket } from "node:tls";
import { TlsError } from "@fairlead/core";
import { describeCertificateNames } from "../certificates/certificate-names.ts";
import { certificateMatchesHost, serverNameIndication } from "../certificates/host.ts";
import { verificationError } from "../certificates/verification-error.ts";
import type { TlsConnectOptions, TlsSocket } from "../contract.ts";
import { requireHost, requireOpen } from "../preconditions.ts";
import { whenSecure } from "./handshake.ts";
import { offeredSession, type OfferedSession } from "./offered-session.ts";
import { keepPeerCertificate } from "./peer-certificate.ts";
import type { SecureContexts } from "./secure-contexts.ts";

/** Secures `below` as the client; see `TlsBackend.connect`. */
export async function connect(contexts: SecureContexts, below: Duplex, options: TlsConnectOptions): Promise<TlsSocket> {
  const { identity, peer = options.host, signal } = options;
  try {
    signal?.throwIfAborted();
    requireHost(options.host);
    requireOpen(below, peer);
    const offered = offeredSession(options);
    const socket = start(contexts, below, options, offered);
    const sessions = heldSessions(socket, options);
    return await whenSecure(socket, below, {
      side: "client",
      peer,
      sentCertificate: identity !== undefined,
      signal,
      judge: (secured) => {
        const objection = judge(secured, options, peer);
        if (secured.authorized) sessions.handOver();
        return objection;
      },
    });
  } catch (error) {
    below.destroy();
    throw error;
  }
}

function start(
  contexts: SecureContexts,
  below: Duplex,
  options: TlsConnectOptions,
  offered: OfferedSession | undefined,
): TLSSocket {
  const { alpnProtocols, host } = options;
  const serverName = serverNameIndication(options.serverName ?? host);
  const socket = tlsConnect({
    socket: below,
    // Not connected to: Node binds session bytes to it where no server name is sent.
    host,
    secureContext: contexts.forConnect(options),
    // Said outright: NODE_TLS_REJECT_UNAUTHORIZED does not decide.
    rejectUnauthorized: options.dangerous?.acceptAnyCertificate !== true,
    // node:tls would check the server name, and nothing when a session is resumed. `judge` checks the host, always.
    checkServerIdentity: () => undefined,
    ...(serverName !== undefined && { servername: serverName }),
    ...(alpnProtocols !== undefined && { ALPNProtocols: [...alpnProtocols] }),
    ...(offered !== undefined && { session: offered.bytes }),
  });
  keepPeerCertificate(socket, offered?.leaf);
  return socket;
}

/** Completes node:tls's verdict, and returns why the connection must not be used. */
function judge(socket: TLSSocket, options: TlsConnectOptions, peer: string): TlsError | undefined {
  const found = findFault(socket, options.host, peer);
  if (found === undefined) return undefined;
  socket.authorized = false;
  socket.authorizationError = found;
  return options.dangerous?.acceptAnyCertificate === true ? undefined : found;
}

function findFault(socket: TLSSocket, host: string, peer: string): TlsError | undefined {
  const facts = { peer, operation: "secure" };
  const leaf = socket.getPeerX509Certificate();
  if (!socket.authorized) {
    // node:tls types it as an Error and stores OpenSSL's code.
    const code = String(socket.authorizationError);
    return verificationError(code, leaf, facts) ?? new TlsError("CERTIFICATE_INVALID", { ...facts, detail: code });
  }
  if (leaf === undefined) return new TlsError("CERTIFICATE_INVALID", { ...facts, detail: "the peer sent none" });
  if (certificateMatchesHost(leaf, host)) return undefined;
  return new TlsError("CERTIFICATE_HOST_MISMATCH", { ...facts, detail: `${host}: ${describeCertificateNames(leaf)}` });
}

/**
 * Collects sessions until the peer is verified and passes them on from then: TLS 1.2 brings its ticket before the
 * verdict. Those of an unverified peer are dropped.
 */
function heldSessions(socket: TLSSocket, { onSession }: TlsConnectOptions): { handOver(): void } {
  if (onSession === undefined) return { handOver: () => undefined };
  const held: Buffer[] = [];
  let receive = (session: Buffer): void => {
    held.push(session);
  };
  socket.on("session", (session) => {
    receive(session);
  });
  return {
    handOver() {
      receive = onSession;
      for (const session of held.splice(0)) onSession(session);
    },
  };
}
