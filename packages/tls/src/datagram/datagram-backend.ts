import type { X509Certificate } from "node:crypto";
import { TlsError, TransportError, UsageError, type FairleadError } from "@fairlead/core";
import type { DatagramPath } from "@fairlead/transport";
import { certificateReader } from "../certificates/certificate-reader.ts";
import { canonicalHost, serverNameIndication } from "../certificates/host.ts";
import { checkedAnchors } from "../certificates/trust.ts";
import { askedCertificates } from "../engine/asked-certificates.ts";
import type { TlsPsk } from "../credentials.ts";
import type { EngineSession } from "../engine/engine.ts";
import { requireHost } from "../preconditions.ts";
import { offeredSession } from "../tickets/offered-session.ts";
import { writeSavedSession } from "../tickets/protocol/saved-session.ts";
import { peerJudge, type PeerJudge } from "../verdict/judge-peer.ts";
import { judgeResumedServer } from "../verdict/judge-resumed.ts";
import { dtlsCipherSuites, isPskSuite } from "./cipher-suites.ts";
import { systemClock } from "./clock.ts";
import type { DtlsAcceptOptions, DtlsBackend, DtlsConnectOptions, DtlsSocket, VerifiedHello } from "./contract.ts";
import { cookieGate } from "./cookie-gate.ts";
import type {
  DatagramClientOptions,
  DatagramEngine,
  DatagramEngineLibrary,
  DatagramTickets,
} from "./datagram-engine.ts";
import { EnginePath, type EnginePathOptions } from "./engine-path.ts";

/**
 * Makes the datagram part of a backend of a library of engines. What is the same for all of them is here: checked
 * options, the cookie exchange, and the judgement of certificates.
 */
export function datagramBackend(library: DatagramEngineLibrary, judge: PeerJudge = peerJudge()): DtlsBackend {
  const leaves = certificateReader();
  return {
    async connectDatagram(below, options) {
      const { host, psk, signal, session, onSession, onClientCertificate } = options;
      const identity = options.identity ?? undefined;
      return start(below, signal, () => {
        requireClient(options);
        const times = timing(options);
        const offered = session && offeredSession(session, host, (version) => version === "DTLSv1.2", leaves);
        // Last: from here on there is something to free.
        const engine = library.client({
          ...common(below, options, { certificate: psk === undefined, psk: psk !== undefined }),
          host: canonicalHost(host),
          serverName: serverNameIndication(options.serverName ?? host),
          anchors: psk === undefined ? checkedAnchors(options.trust ?? { type: "default" }) : [],
          identity,
          asksForIdentity: onClientCertificate !== undefined && options.identity === undefined,
          psk,
          session: offered?.bytes,
        });
        return [
          engine,
          {
            ...times,
            side: "client",
            resumption: offered && {
              leaf: offered.leaf,
              judge: (leaf) => judgeResumedServer(leaf, host, below.peer),
            },
            onSession: onSession && ((each, leaf) => onSession(saved(each, leaf))),
            sentCertificate: identity !== undefined,
            judge: (evidence) => judge.judgeServer(evidence, { ...options, peer: below.peer }),
            onClientCertificate,
          },
        ];
      });
    },
    async acceptDatagram(below, options) {
      const { signal, identity, psk, clientCertificates } = options;
      try {
        requireServer(options);
        const settings = common(below, options, { certificate: identity !== undefined, psk: psk !== undefined });
        const asked = clientCertificates && askedCertificates(clientCertificates);
        const times = timing(options);
        const tickets = ticketsOf(options);
        signal?.throwIfAborted();
        const verified = options.verified ?? (await firstHello(below, options));
        return await start(below, signal, () => [
          library.server({
            ...settings,
            identity,
            psk: psk && guardedLookup(psk),
            clientCertificates: asked,
            tickets,
            verified,
          }),
          {
            ...times,
            side: "server",
            sentCertificate: false,
            received: verified.datagram,
            judge: clientCertificates && ((evidence) => judge.judgeClient(evidence, clientCertificates, below.peer)),
          },
        ]);
      } catch (error) {
        below.close();
        throw error;
      }
    },
  };
}

async function start(
  below: DatagramPath,
  signal: AbortSignal | undefined,
  prepare: () => readonly [engine: DatagramEngine, options: EnginePathOptions],
): Promise<DtlsSocket> {
  let socket: EnginePath;
  try {
    signal?.throwIfAborted();
    if (below.closed) throw closedError(below);
    const [engine, options] = prepare();
    socket = new EnginePath(below, engine, options);
  } catch (error) {
    below.close();
    throw error;
  }
  const onAbort = (): void => socket.abandon(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  // What is sent at the start may already have had the caller think otherwise.
  if (signal?.aborted) onAbort();
  try {
    return await socket.secured;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Waits for a ClientHello whose cookie is valid; the others are answered, and nothing is kept of them. */
function firstHello(below: DatagramPath, { clock = systemClock, signal }: DtlsAcceptOptions): Promise<VerifiedHello> {
  const gate = cookieGate(clock);
  const { promise, resolve, reject } = Promise.withResolvers<VerifiedHello>();
  const onMessage = (datagram: Buffer): void => {
    const decision = gate.decide(datagram, below.peer);
    if (decision.type === "verify") below.send(decision.answer);
    if (decision.type === "accept") resolve({ datagram, hello: decision.hello });
  };
  const onClose = (reason: FairleadError | undefined): void => reject(reason ?? closedError(below));
  const onAbort = (): void => reject(signal?.reason);
  if (below.closed) return Promise.reject(closedError(below));
  below.on("message", onMessage);
  below.on("close", onClose);
  signal?.addEventListener("abort", onAbort);
  return promise.finally(() => {
    below.off("message", onMessage);
    below.off("close", onClose);
    signal?.removeEventListener("abort", onAbort);
  });
}

function common(
  below: DatagramPath,
  options: DtlsConnectOptions | DtlsAcceptOptions,
  credentials: { readonly certificate: boolean; readonly psk: boolean },
): Pick<DatagramClientOptions, "alpnProtocols" | "cipherSuites" | "mtu" | "retransmissionMilliseconds"> {
  const { alpnProtocols = [], cipherSuites = dtlsCipherSuites, mtu = below.mtu } = options;
  const { retransmissionMilliseconds = 1_000 } = options;
  requireMilliseconds({ retransmissionMilliseconds });
  if (!Number.isSafeInteger(mtu) || mtu < smallestMtu || mtu > below.mtu) {
    throw new UsageError("OPTION_INVALID", {
      detail: `mtu ${String(mtu)}`,
      remedy: `give a number of bytes from ${String(smallestMtu)} to the ${String(below.mtu)} that the path below takes`,
    });
  }
  const unknown = cipherSuites.find((suite) => !dtlsCipherSuites.includes(suite));
  if (unknown !== undefined) {
    throw new TlsError("TLS_OPTION_UNSUPPORTED", {
      detail: `cipherSuites: ${unknown}`,
      remedy: "choose among dtlsCipherSuites",
    });
  }
  const usable = cipherSuites.filter((suite) => (isPskSuite(suite) ? credentials.psk : credentials.certificate));
  if (usable.length === 0) {
    throw new UsageError("OPTION_INVALID", { detail: "cipherSuites: none of them works with these credentials" });
  }
  return { alpnProtocols, cipherSuites: usable, mtu, retransmissionMilliseconds };
}

function timing(
  options: DtlsConnectOptions | DtlsAcceptOptions,
): Pick<EnginePathOptions, "clock" | "timeoutMilliseconds"> {
  const { clock = systemClock, timeoutMilliseconds = 60_000 } = options;
  requireMilliseconds({ timeoutMilliseconds });
  return { clock, timeoutMilliseconds };
}

function requireMilliseconds(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value >= 1 && value < 2 ** 31) continue;
    throw new UsageError("OPTION_INVALID", { detail: name, remedy: "give a positive number of milliseconds" });
  }
}

function requireClient({ host, psk, ...others }: DtlsConnectOptions): void {
  requireHost(host);
  if (psk === undefined) return;
  requireKey(psk);
  const { identity, trust, intermediates, dangerous, session, onCertificateError, onClientCertificate } = others;
  const questions = [onCertificateError, onClientCertificate];
  const aboutCertificates = [identity, trust, intermediates, dangerous, session, ...questions];
  if (aboutCertificates.every((option) => option === undefined)) return;
  throw new UsageError("OPTION_INVALID", {
    detail: "psk",
    remedy:
      "give either a key, or trust, intermediates, identity, session, questions and dangerous, which are about certificates",
  });
}

/** A key may be withdrawn and a client judged otherwise tomorrow: neither is spared by a ticket. */
function ticketsOf({ psk, clientCertificates, ticketKeys }: DtlsAcceptOptions): DatagramTickets {
  if (ticketKeys !== undefined && ticketKeys.length !== ticketKeyBytes) {
    const remedy = `give ${String(ticketKeyBytes)} bytes of ticket keys`;
    throw new UsageError("OPTION_INVALID", { detail: "ticketKeys", remedy });
  }
  return psk === undefined && clientCertificates === undefined ? { type: "given", keys: ticketKeys } : { type: "none" };
}

function saved({ bytes, lifetimeSeconds }: EngineSession, leaf: X509Certificate): Uint8Array {
  const createdSeconds = Math.floor(Date.now() / 1_000);
  return writeSavedSession({ version: "DTLSv1.2", createdSeconds, lifetimeSeconds, peerCertificate: leaf.raw, bytes });
}

function requireServer({ identity, psk, clientCertificates }: DtlsAcceptOptions): void {
  if (identity === undefined && psk === undefined) {
    throw new UsageError("OPTION_INVALID", { detail: "identity", remedy: "give an identity, a psk, or both" });
  }
  if (identity === undefined && clientCertificates !== undefined) {
    throw new UsageError("OPTION_INVALID", { detail: "clientCertificates", remedy: "give an identity as well" });
  }
}

function requireKey({ identity, key }: TlsPsk): void {
  const length = Buffer.byteLength(identity);
  if (length < 1 || length > maxIdentityBytes || identity.includes("\0")) {
    throw new UsageError("OPTION_INVALID", {
      detail: "psk.identity",
      remedy: `give 1 to ${String(maxIdentityBytes)} bytes of UTF-8 without NUL`,
    });
  }
  if (!usableKey(key)) {
    throw new UsageError("OPTION_INVALID", {
      detail: "psk.key",
      remedy: `give 1 to ${String(maxKeyBytes)} bytes, 16 or more of them random`,
    });
  }
}

/** Refuses whatever is not a key; an exception would not come out of the library in one piece. */
function guardedLookup(lookup: (identity: string) => Uint8Array | undefined) {
  return (identity: string): Uint8Array | undefined => {
    try {
      const key = lookup(identity);
      return key !== undefined && usableKey(key) ? key : undefined;
    } catch {
      return undefined;
    }
  };
}

function usableKey(key: Uint8Array): boolean {
  return key.length >= 1 && key.length <= maxKeyBytes;
}

function closedError(below: DatagramPath): TransportError {
  return new TransportError("STREAM_CLOSED", { peer: below.peer, operation: "secure" });
}

/** OpenSSL splits no message for less. */
const smallestMtu = 256;
/** RFC 4279 section 5.3 asks for 128 and 64 at least; more than that OpenSSL 3.0 does not take. */
const maxIdentityBytes = 128;
const maxKeyBytes = 64;
const ticketKeyBytes = 48;
