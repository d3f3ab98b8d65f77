import type { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { TlsSocket } from "../contract.ts";
import type { StapleVerdict } from "../verdict/staple-verdict.ts";
import { unsupported } from "../features.ts";
import { keepPeerCertificate } from "./peer-certificate.ts";
import { usedPsk } from "./psk.ts";

/** A socket of `node:tls` that meets the contract. */
export type NodeTlsSocket = TLSSocket & TlsSocket;

/** What is known of a socket beside it. */
export interface SocketGround {
  /** The certificate that an offered session began with. */
  readonly resumed: X509Certificate | undefined;
  /** Tells whose key it is where one is used. */
  readonly findIdentity: () => string | undefined;
  /** Tells what was made of the stapled response, once somebody looked at it. */
  readonly findStaple: () => StapleVerdict | undefined;
}

/** Adds what the contract asks for beyond node:tls. */
export function completeSocket(socket: TLSSocket, { resumed, findIdentity, findStaple }: SocketGround): NodeTlsSocket {
  keepPeerCertificate(socket, resumed);
  let chain: readonly Uint8Array[] | undefined;
  let staple: Uint8Array | undefined;
  socket.once("OCSPResponse", (response: Buffer | null) => {
    if (response !== null && response.length > 0) staple = response;
  });
  const handshakeDone = Promise.resolve();
  return Object.defineProperties(socket, {
    stapledOcspResponse: { get: () => staple },
    stapleVerdict: { get: findStaple },
    pskIdentity: { get: () => (usedPsk(socket) ? findIdentity() : undefined) },
    earlyData: { value: "none" },
    earlyBytes: { value: 0 },
    handshakeDone: { value: handshakeDone },
    getPeerChain: { value: () => (chain ??= socket.isSessionReused() ? [] : sentChain(socket)) },
    updateKeys: {
      value: () => {
        throw unsupported("node", "updateKeys", "key-update");
      },
    },
  }) as NodeTlsSocket;
}

/** As node:tls puts it in order: what it finds among its own anchors follows what the peer sent. */
function sentChain(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  const known = new Set<string>();
  // An empty object without a certificate, and null once the socket is closed, whatever the types say.
  let next = socket.getPeerCertificate(true) as Partial<DetailedPeerCertificate> | null | undefined;
  while (next?.raw !== undefined && next.fingerprint256 !== undefined && !known.has(next.fingerprint256)) {
    known.add(next.fingerprint256);
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}
