import type { Duplex } from "node:stream";
import { TlsError } from "@fairlead/core";
import { serverNameIndication } from "../certificates/host.ts";
import type { TlsConnectOptions, TlsSocket } from "../contract.ts";
import { requireHost, requireOpen, requirePsk } from "../preconditions.ts";
import { judgeHost, type PeerVerdict } from "../verdict/judge-peer.ts";
import type { StapleVerdict } from "../verdict/staple-verdict.ts";
import { requireFeatures } from "../features.ts";
import { nodeFeatures } from "./features.ts";
import { whenSecure } from "./handshake.ts";
import { completeSocket, type NodeTlsSocket } from "./node-tls-socket.ts";
import { offeredSession, type OfferedSession } from "./offered-session.ts";
import { keyLogLines } from "./key-log.ts";
import { offerPsk, usedPsk } from "./psk.ts";
import type { NodeTlsParts } from "./node-tls-parts.ts";
import type { SecureContexts } from "./secure-contexts.ts";

/** Secures `below` as the client; see `TlsBackend.connect`. */
export async function connect(parts: NodeTlsParts, below: Duplex, options: TlsConnectOptions): Promise<TlsSocket> {
  const { identity, peer = options.host, signal } = options;
  try {
    signal?.throwIfAborted();
    requireHost(options.host);
    requireFeatures({ name: "node", features: nodeFeatures }, options);
    if (options.psk !== undefined) requirePsk(options.psk);
    requireOpen(below, peer);
    // A session beside a shared key would be taken for one another.
    const offered = options.psk === undefined ? offeredSession(options) : undefined;
    const verdict: { staple?: StapleVerdict | undefined } = {};
    const socket = start(parts.contexts, below, options, offered, verdict);
    const sessions = heldSessions(socket, options);
    return await whenSecure(socket, below, {
      side: "client",
      peer,
      sentCertificate: Boolean(identity),
      signal,
      judge: async (secured) => {
        const { admitted, objection, staple } = await judgeSocket(parts, secured, options, offered);
        verdict.staple = staple;
        secured.authorized = objection === undefined;
        // Node types it as an Error that is always there.
        secured.authorizationError = objection ?? (null as unknown as Error);
        if (!admitted) return objection ?? new TlsError("CERTIFICATE_INVALID", { peer, operation: "secure" });
        // One that began by a key would later be resumed by who has none, and let in a server without a certificate.
        if (objection === undefined && !isByKey(secured, options)) sessions.handOver();
        return undefined;
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
  verdict: { readonly staple?: StapleVerdict | undefined },
): NodeTlsSocket {
  const { alpnProtocols, host } = options;
  const serverName = serverNameIndication(options.serverName ?? host);
  const onKeyLog = options.dangerous?.onKeyLog;
  const socket = process.getBuiltinModule("node:tls").connect({
    socket: below,
    // Not connected to: Node binds session bytes to it where no server name is sent.
    host,
    secureContext: contexts.forConnect(options),
    // `judge` decides, always: node:tls would check the server name, and nothing when a session is resumed.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    requestOCSP: true,
    ...(options.psk && { pskCallback: offerPsk(options.psk) }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(alpnProtocols !== undefined && { ALPNProtocols: [...alpnProtocols] }),
    ...(offered !== undefined && { session: offered.bytes }),
  });
  if (onKeyLog !== undefined) socket.on("keylog", keyLogLines(onKeyLog));
  return completeSocket(socket, {
    resumed: offered?.leaf,
    findIdentity: () => (offered === undefined ? options.psk?.identity : undefined),
    findStaple: () => verdict.staple,
  });
}

/** Judges what the peer showed, or the name of a session that was resumed. */
async function judgeSocket(
  { judge, withheld }: NodeTlsParts,
  socket: NodeTlsSocket,
  options: TlsConnectOptions,
  offered: OfferedSession | undefined,
): Promise<PeerVerdict> {
  const { host, peer = host } = options;
  if (isByKey(socket, options)) return { admitted: true, objection: undefined };
  if (socket.isSessionReused() && offered !== undefined) {
    const objection = judgeHost(offered.leaf, host, peer);
    return { admitted: objection === undefined, objection };
  }
  return judge.judgeServer(
    {
      chain: socket.getPeerChain(),
      withheld: () => withheld.behind(socket),
      staple: socket.stapledOcspResponse,
      // node:tls types it as an Error and stores OpenSSL's code.
      library: socket.authorized ? undefined : String(socket.authorizationError),
    },
    options,
  );
}

function isByKey(socket: NodeTlsSocket, { psk }: TlsConnectOptions): boolean {
  return psk !== undefined && usedPsk(socket);
}

/**
 * Collects sessions until the peer is verified and passes them on from then: TLS 1.2 brings its ticket before the
 * verdict. Those of an unverified peer are dropped.
 */
function heldSessions(socket: NodeTlsSocket, { onSession }: TlsConnectOptions): { handOver(): void } {
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
