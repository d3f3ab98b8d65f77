import type { TlsBackend } from "@fairlead/tls";
import type { DtlsAcceptOptions, DtlsSocket } from "@fairlead/tls/datagram";
import { type DatagramEndpoint, formatPeer } from "@fairlead/transport";
import type { TlsFacts } from "../../../tls-facts.ts";
import type { ShownIdentity } from "../../http/https-driver.ts";
import type { NetworkContext } from "../../network-context.ts";
import type { DatagramDriver, ServiceSelf } from "../../service-entry.ts";
import { deviceIdentity } from "./device-key.ts";

/** How one DTLS service differs from another. */
export interface DtlsTerms {
  /** Whose datagrams it speaks; the OpenSSL inside Node.js by default, which is always there. */
  readonly library?: "openssl" | "gnutls";
  /** What it shows; nothing where it has only the key. */
  readonly identity?: (network: NetworkContext) => Promise<ShownIdentity>;
  /** Whether it takes the key of the network's devices. */
  readonly usesKey?: boolean;
  /** Whether a client without a certificate of the network's authority is refused. */
  readonly requiresCertificate?: boolean;
}

/** Serves a client after its handshake: returns what takes its datagrams. */
export type DtlsSession = (socket: DtlsSocket) => (bytes: Buffer) => void;

const handshakeLimit = 64;
const sessionLimit = 256;

/** Serves DTLS on a service's endpoint, and tells what comes of each handshake. */
export async function openDtls(
  network: NetworkContext,
  { name: service }: ServiceSelf,
  endpoint: DatagramEndpoint,
  terms: DtlsTerms,
  serve: DtlsSession,
): Promise<DatagramDriver> {
  const { traffic } = network;
  const occasion = { service, connection: 0 } as const;
  const fail = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    traffic.add({ type: "failed", ...occasion, reason });
  };
  const guarded = <Result>(act: () => Result): Result | undefined => {
    try {
      return act();
    } catch (error) {
      fail(error);
      return undefined;
    }
  };
  const [{ dtlsEndpoint }, backend, accept] = await Promise.all([
    import("@fairlead/tls/datagram"),
    loadBackend(terms.library),
    acceptOptions(network, terms),
  ]);
  return dtlsEndpoint(endpoint, {
    backend,
    accept,
    maxHandshakes: handshakeLimit,
    maxSessions: sessionLimit,
    onSession: (socket) => {
      traffic.add({ type: "secured", ...occasion, tls: factsOf(socket) });
      const take = guarded(() => serve(socket));
      if (take !== undefined) socket.on("message", (bytes) => guarded(() => take(bytes)));
    },
    onFailure: (error, peer) => {
      const reason = error instanceof Error ? error.message : String(error);
      traffic.add({ type: "handshake-failed", ...occasion, reason: `${formatPeer(peer.host, peer.port)}: ${reason}` });
    },
  });
}

async function loadBackend(library: DtlsTerms["library"] = "openssl"): Promise<TlsBackend> {
  return library === "gnutls"
    ? (await import("@fairlead/tls-gnutls")).loadGnutlsTls()
    : (await import("@fairlead/tls-openssl")).loadOpensslTls();
}

async function acceptOptions(network: NetworkContext, terms: DtlsTerms): Promise<DtlsAcceptOptions> {
  const { identity, usesKey = false, requiresCertificate = false } = terms;
  const key = Buffer.from(deviceIdentity.key);
  const { root } = network.authorities;
  return {
    identity: await identity?.(network),
    psk: usesKey ? (name) => (name === deviceIdentity.name ? key : undefined) : undefined,
    clientCertificates: requiresCertificate
      ? { required: true, trust: { type: "anchors", certificates: [root.certificate] } }
      : undefined,
  };
}

function factsOf({ protocol, cipherSuite, alpnProtocol, peerCertificate }: DtlsSocket): TlsFacts {
  return {
    sessionReused: false,
    protocol,
    cipher: cipherSuite,
    serverName: undefined,
    alpn: alpnProtocol,
    earlyBytes: 0,
    clientCertificate: peerCertificate?.fingerprint256,
  };
}
