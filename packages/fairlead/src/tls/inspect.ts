import { isCodedError, TimeoutError, TlsError } from "@fairlead/core";
import { registeredGroup, type StapleVerdict, type TlsBackend, type TlsSocket, type TlsTrust } from "@fairlead/tls";
import { type CertificateFacts, describeCertificate } from "@fairlead/tls/certificates";
import { connectTls } from "@fairlead/tls/sockets";
import { startTls } from "@fairlead/tls/start-tls";
import { connectTcp, formatPeer } from "@fairlead/transport";
import type { LookupFunction } from "node:net";
import type { InspectTarget } from "./inspect-target.ts";

/** What an inspection is made with. */
export interface InspectSettings {
  readonly trust: TlsTrust | undefined;
  readonly serverName: string | undefined;
  readonly timeoutMilliseconds: number;
  readonly lookup: LookupFunction;
  readonly onKeyLog: ((line: string) => void) | undefined;
  readonly signal: AbortSignal;
}

/** What one backend found. */
export type BackendInspection =
  | {
      readonly type: "secured";
      readonly backend: string;
      readonly protocol: string | null;
      readonly cipher: string;
      /** By its registered name; where the library tells. */
      readonly group: string | undefined;
      readonly alpnProtocol: string | undefined;
      /** What speaks against the server; `undefined` when it is verified. */
      readonly objection: Objection | undefined;
      readonly chain: readonly (CertificateFacts | undefined)[];
      /** What was made of the OCSP response that the server stapled; `undefined` where nobody looked at one. */
      readonly staple: StapleVerdict | undefined;
      readonly resumption: Resumption;
    }
  | { readonly type: "failed"; readonly backend: string; readonly failure: Objection };

/** An error, in words. */
export interface Objection {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly string[];
}

/** What came of a second connection; only a verified server is asked. */
export type Resumption = "resumed" | "refused" | "no session" | "not tried";

/**
 * Connects with one backend, looks at what the server shows, and connects once more with the session that it gave.
 * Nothing is sent over TLS, which is why an unverified server is looked at as well.
 *
 * @throws TransportError, or what else comes from below TLS; TimeoutError; or the signal's reason.
 */
export async function inspectWith(
  backend: TlsBackend,
  target: InspectTarget,
  settings: InspectSettings,
): Promise<BackendInspection> {
  const sessions: Uint8Array[] = [];
  const arrived = Promise.withResolvers<undefined>();
  let socket: TlsSocket;
  try {
    socket = await connect(backend, target, settings, {
      onSession: (session) => {
        sessions.push(session);
        arrived.resolve(undefined);
      },
    });
  } catch (error) {
    if (error instanceof TlsError) return { type: "failed", backend: backend.name, failure: objectionOf(error) };
    throw error;
  }
  try {
    const { authorizationError } = socket;
    const found = {
      type: "secured",
      backend: backend.name,
      protocol: socket.getProtocol(),
      cipher: socket.getCipher().standardName,
      group: groupOf(socket),
      alpnProtocol: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
      objection: authorizationError ? objectionOf(authorizationError) : undefined,
      chain: socket.getPeerChain().map(factsOf),
      staple: socket.stapleVerdict,
    } as const;
    if (!socket.authorized) return { ...found, resumption: "not tried" };
    // TLS 1.3 brings tickets after the handshake, if any: they are read, and waited for a little.
    socket.resume();
    await Promise.race([arrived.promise, pause(ticketWaitMilliseconds, settings.signal)]);
    return { ...found, resumption: await resume(backend, target, settings, sessions[0]) };
  } finally {
    socket.destroy();
  }
}

const ticketWaitMilliseconds = 500;

async function resume(
  backend: TlsBackend,
  target: InspectTarget,
  settings: InspectSettings,
  session: Uint8Array | undefined,
): Promise<Resumption> {
  if (session === undefined) return "no session";
  try {
    const socket = await connect(backend, target, settings, { session });
    // Asked before: a socket of node:tls that is closed forgets it.
    const resumed = socket.isSessionReused();
    socket.destroy();
    return resumed ? "resumed" : "refused";
  } catch (error) {
    settings.signal.throwIfAborted();
    if (isCodedError(error)) return "refused";
    throw error;
  }
}

async function connect(
  backend: TlsBackend,
  { host, port, startTls: protocol, alpnProtocols }: InspectTarget,
  { trust, serverName, timeoutMilliseconds, lookup, onKeyLog, signal }: InspectSettings,
  more: { readonly session?: Uint8Array; readonly onSession?: (session: Uint8Array) => void },
): Promise<TlsSocket> {
  const below = await open({ host, port, lookup }, timeoutMilliseconds, signal);
  const options = {
    backend,
    host,
    peer: formatPeer(host, port),
    trust,
    signal,
    handshakeTimeoutMilliseconds: timeoutMilliseconds,
    ...(serverName !== undefined && { serverName }),
    ...(alpnProtocols.length > 0 && { alpnProtocols }),
    dangerous: { acceptAnyCertificate: true, ...(onKeyLog && { onKeyLog }) },
    ...more,
  };
  const socket = await (protocol === undefined ? connectTls(below, options) : startTls(below, protocol, options));
  // What the server says once it is known who it is does not matter any more.
  return socket.on("error", () => undefined);
}

async function open(
  address: Pick<Parameters<typeof connectTcp>[0], "host" | "port" | "lookup">,
  milliseconds: number,
  signal: AbortSignal,
): ReturnType<typeof connectTcp> {
  const peer = formatPeer(address.host, address.port);
  const ended = new AbortController();
  const timer = setTimeout(
    () => ended.abort(new TimeoutError("connect", { peer, operation: "connect" })),
    milliseconds,
  );
  try {
    return await connectTcp({ ...address, signal: AbortSignal.any([signal, ended.signal]) });
  } finally {
    clearTimeout(timer);
  }
}

/** `undefined` for bytes that are no certificate, which a server may well send. */
function factsOf(der: Uint8Array): CertificateFacts | undefined {
  try {
    return describeCertificate(der);
  } catch {
    return undefined;
  }
}

function groupOf(socket: TlsSocket): string | undefined {
  const info = socket.getEphemeralKeyInfo();
  if (info === null || !("name" in info) || typeof info.name !== "string") return undefined;
  return registeredGroup(info.name) ?? info.name;
}

function objectionOf(error: Error): Objection {
  return {
    code: isCodedError(error) ? error.code : "",
    message: error.message,
    problems: error instanceof TlsError ? error.problems.map(({ message }) => message) : [],
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
