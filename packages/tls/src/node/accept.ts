import type { Duplex } from "node:stream";
import { TlsError, UsageError } from "@fairlead/core";
import type { ClientCertificatePolicy, TlsSocket } from "../contract.ts";
import { requireFeatures } from "../features.ts";
import type { ChosenAcceptOptions } from "../hello/with-identity.ts";
import { requireOpen, usableKeys } from "../preconditions.ts";
import { nodeFeatures } from "./features.ts";
import { whenSecure } from "./handshake.ts";
import { keyLogLines } from "./key-log.ts";
import { completeSocket, type NodeTlsSocket } from "./node-tls-socket.ts";
import type { NodeTlsParts } from "./node-tls-parts.ts";
import { pskQuestion } from "./psk.ts";

/** Secures `below` as the server; see `TlsBackend.accept`. */
export async function accept(parts: NodeTlsParts, below: Duplex, options: ChosenAcceptOptions): Promise<TlsSocket> {
  const { alpnProtocols, peer, signal, clientCertificates, psk, identity } = options;
  try {
    signal?.throwIfAborted();
    requireFeatures({ name: "node", features: nodeFeatures }, options);
    if (identity === undefined && psk === undefined) {
      throw new UsageError("OPTION_INVALID", { detail: "identity", remedy: "give a certificate and its key, or psk" });
    }
    requireOpen(below, peer);
    const question = psk && pskQuestion(usableKeys(psk));
    const { TLSSocket } = process.getBuiltinModule("node:tls");
    const socket = new TLSSocket(below, {
      isServer: true,
      secureContext: parts.contexts.forAccept(options),
      // Lets OpenSSL refuse a client without a certificate, which takes an alert; `judge` decides about all others.
      ...(clientCertificates && { requestCert: true, rejectUnauthorized: clientCertificates.required }),
      ...(question && { pskCallback: question.ask }),
      ...(alpnProtocols !== undefined && { ALPNProtocols: [...alpnProtocols] }),
    });
    const onKeyLog = options.dangerous?.onKeyLog;
    if (onKeyLog !== undefined) socket.on("keylog", keyLogLines(onKeyLog));
    return await whenSecure(
      completeSocket(socket, {
        resumed: undefined,
        findIdentity: () => question?.identity,
        findStaple: () => undefined,
      }),
      below,
      {
        side: "server",
        peer,
        sentCertificate: false,
        signal,
        ...(clientCertificates && { judge: (secured) => judgeSocket(parts, secured, clientCertificates, peer) }),
      },
    );
  } catch (error) {
    below.destroy();
    throw error;
  }
}

async function judgeSocket(
  { judge, withheld }: NodeTlsParts,
  socket: NodeTlsSocket,
  policy: ClientCertificatePolicy,
  peer: string | undefined,
): Promise<Error | undefined> {
  const chain = socket.getPeerChain();
  const library = libraryVerdict(socket);
  const evidence = { chain, withheld: () => withheld.behind(socket), staple: undefined, library };
  const { admitted, objection } = await judge.judgeClient(evidence, policy, peer);
  socket.authorized = admitted && chain.length > 0;
  if (admitted) return undefined;
  return objection ?? new TlsError("CERTIFICATE_INVALID", { peer, operation: "secure" });
}

/** A socket without a `tls.Server` is not told by node:tls what verification found. */
function libraryVerdict(socket: NodeTlsSocket): string | undefined {
  const { _handle: handle } = socket as unknown as {
    readonly _handle?: { readonly verifyError?: () => { readonly code?: string } | null };
  };
  if (handle?.verifyError === undefined) return "UNSPECIFIED";
  const error = handle.verifyError();
  return error === null ? undefined : (error.code ?? "UNSPECIFIED");
}
