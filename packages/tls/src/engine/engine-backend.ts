import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { whenAsked } from "../capabilities/when-asked.ts";
import { canonicalHost, serverNameIndication } from "../certificates/host.ts";
import { certificateReader } from "../certificates/certificate-reader.ts";
import { checkedAnchors } from "../certificates/trust.ts";
import type { TlsBackend, TlsSocket } from "../contract.ts";
import { requireFeatures } from "../features.ts";
import { withIdentity } from "../hello/with-identity.ts";
import { requireHost, requireOpen, requirePsk, usableKeys, versionRange } from "../preconditions.ts";
import { offeredSession } from "../tickets/offered-session.ts";
import { writeSavedSession } from "../tickets/protocol/saved-session.ts";
import { peerJudge, type PeerEvidence } from "../verdict/judge-peer.ts";
import { judgeResumedClient, judgeResumedServer } from "../verdict/judge-resumed.ts";
import type { SessionVersion, TlsVersion } from "../protocol/version.ts";
import { datagramBackend } from "../datagram/datagram-backend.ts";
import type { DatagramEngineLibrary } from "../datagram/datagram-engine.ts";
import { askedCertificates } from "./asked-certificates.ts";
import type { TlsEngine, TlsEngineLibrary } from "./engine.ts";
import { EngineSocket, type EngineSocketOptions } from "./engine-socket.ts";

/**
 * Makes a backend of a library of engines. What is the same for all of them is here: checked options, the host that the
 * certificate must be for (RFC 9525, also on a resumed session), and which sessions may be offered.
 */
export function engineBackend(library: TlsEngineLibrary, datagrams?: DatagramEngineLibrary): TlsBackend {
  const judge = peerJudge();
  const leaves = certificateReader();
  const backend: TlsBackend = {
    ...(datagrams && datagramBackend(datagrams, judge)),
    name: library.name,
    library: library.library,
    capabilities: whenAsked(() => {
      const apart = library.apart?.();
      return { backend: apart ? engineBackend(apart, datagrams) : backend, forget: apart?.forget };
    }),
    async connect(below, options) {
      const { host, peer = host, signal, onSession, onClientCertificate, alpnProtocols = [] } = options;
      const identity = options.identity ?? undefined;
      return start(below, peer, signal, () => {
        requireHost(host);
        requireFeatures(library, options);
        if (options.psk !== undefined) requirePsk(options.psk);
        const range = versionRange(options);
        const isOffered = (version: SessionVersion): boolean =>
          version !== "DTLSv1.2" && version >= range.minVersion && version <= range.maxVersion;
        // What was revoked since is seen in a full handshake only.
        const mayResume = options.session !== undefined && options.revocation === undefined;
        const offered = mayResume ? offeredSession(options.session, host, isOffered, leaves) : undefined;
        const engine = library.client({
          ...range,
          alpnProtocols,
          groups: options.groups,
          ciphers: options.ciphers,
          host: canonicalHost(host),
          serverName: serverNameIndication(options.serverName ?? host),
          anchors: checkedAnchors(options.trust ?? { type: "default" }),
          identity,
          session: offered?.bytes,
          asksForIdentity: onClientCertificate !== undefined && options.identity === undefined,
          psk: options.psk,
          earlyData: options.earlyData === true,
          keepsKeyLog: options.dangerous?.onKeyLog !== undefined,
        });
        return [
          engine,
          {
            side: "client",
            peer,
            descriptors: library.descriptors,
            sentCertificate: identity !== undefined,
            sessionLeaf: offered?.leaf,
            judge: (evidence) => judge.judgeServer(evidence, options),
            judgeResumed: (leaf) => judgeResumedServer(leaf, host, peer),
            onClientCertificate,
            onKeyLog: options.dangerous?.onKeyLog,
            onSession:
              onSession &&
              ((session, { leafDer, facts }) => {
                if (leafDer !== undefined && facts !== undefined) onSession(saved(session, leafDer, facts.version));
              }),
          },
        ];
      });
    },
    accept: withIdentity(library, async (below, options) => {
      const { peer, signal, identity, ticketKeys, psk, clientCertificates, alpnProtocols = [] } = options;
      return start(below, peer, signal, () => {
        requireFeatures(library, options);
        const engine = library.server({
          ...versionRange(options),
          alpnProtocols,
          groups: options.groups,
          ciphers: options.ciphers,
          identity,
          ticketKeys,
          psk: psk && usableKeys(psk),
          clientCertificates: clientCertificates && askedCertificates(clientCertificates),
          maxEarlyBytes: options.earlyData?.maxBytes ?? 0,
          keepsKeyLog: options.dangerous?.onKeyLog !== undefined,
        });
        return [
          engine,
          {
            side: "server",
            peer,
            descriptors: library.descriptors,
            sentCertificate: false,
            ...(clientCertificates && {
              judge: (evidence: PeerEvidence) => judge.judgeClient(evidence, clientCertificates, peer),
              judgeResumed: (leaf: X509Certificate | undefined) => judgeResumedClient(leaf, clientCertificates, peer),
            }),
            onKeyLog: options.dangerous?.onKeyLog,
          },
        ];
      });
    }),
  };
  return backend;
}

async function start(
  below: Duplex,
  peer: string | undefined,
  signal: AbortSignal | undefined,
  prepare: () => readonly [engine: TlsEngine, options: EngineSocketOptions],
): Promise<TlsSocket> {
  let socket: EngineSocket;
  try {
    signal?.throwIfAborted();
    requireOpen(below, peer);
    const [engine, options] = prepare();
    socket = new EngineSocket(below, engine, options);
  } catch (error) {
    below.destroy();
    throw error;
  }
  const onAbort = (): void => socket.abandon(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    return await socket.secured;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function saved(
  session: { readonly bytes: Uint8Array; readonly lifetimeSeconds: number },
  peerCertificate: Uint8Array,
  version: TlsVersion,
): Uint8Array {
  return writeSavedSession({ ...session, version, createdSeconds: Math.floor(Date.now() / 1_000), peerCertificate });
}
