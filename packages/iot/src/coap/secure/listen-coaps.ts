import type { TlsBackend } from "@fairlead/tls";
import { dtlsEndpoint, type DtlsAcceptOptions, type DtlsEndpoint, type DtlsSocket } from "@fairlead/tls/datagram";
import type { DatagramAddress, DatagramEndpoint } from "@fairlead/transport";
import type { CoapChannel } from "../channel.ts";
import { type DatagramChannelOptions, datagramChannel } from "../datagram/datagram-channel.ts";
import type { CoapListener } from "../datagram/listen-datagrams.ts";
import { randomSource } from "../datagram/random-source.ts";
import { MemoryBudget } from "../protocol/delivery/index.ts";
import { securedBy } from "./secured-by.ts";

/** How an endpoint is listened to over DTLS: a certificate, keys that are shared with clients, or both. */
export interface ListenCoapsOptions
  extends Omit<DatagramChannelOptions, "scheme" | "security" | "budget">,
    Pick<
      DtlsAcceptOptions,
      "identity" | "psk" | "clientCertificates" | "ticketKeys" | "cipherSuites" | "mtu" | "timeoutMilliseconds"
    > {
  /** One that has datagrams: `openssl` or `gnutls`. */
  readonly backend: TlsBackend;
  /** Handshakes of clients at once, 256 by default; the oldest gives way, of the same address where there is one. */
  readonly handshakeLimit?: number | undefined;
  /** Clients with a session, 10,000 by default; the one that was silent for longest gives way. */
  readonly peerLimit?: number | undefined;
  /** A client of which nothing authentic is received for so long loses its session; 5 minutes by default. */
  readonly idleMilliseconds?: number | undefined;
  /** Bytes for remembering messages of all clients together; 64 MiB by default. */
  readonly rememberedBytesLimit?: number | undefined;
  /** Told of a client whose handshake failed, once it has shown that it receives what is sent to its address. */
  readonly onFailure?: ((error: unknown, peer: DatagramAddress) => void) | undefined;
}

/**
 * Makes a channel for each client that has finished its handshake. It owns the endpoint from now on.
 *
 * A session is of the address that it was made with: a client that goes on from another begins anew, and who takes over an
 * address gets nothing of the session that was there. Of a client that has not returned a cookie nothing is kept, and it
 * is sent no more than it sent.
 *
 * @param onChannel is told of each before its first request
 * @throws TlsError TLS_OPTION_UNSUPPORTED when the backend has no datagrams; UsageError OPTION_INVALID.
 * @see RFC 7252 section 9.1
 *
 * @example
 * const endpoint = await openUdp({ host: "::", port: 5684 });
 * await using listener = listenCoaps(endpoint, (channel) => serveChannel(channel, handler), {
 *   backend: loadOpensslTls(),
 *   psk: (identity) => keys.get(identity),
 * });
 */
export function listenCoaps(
  endpoint: DatagramEndpoint,
  onChannel: (channel: CoapChannel) => void,
  options: ListenCoapsOptions,
): CoapListener {
  const { backend, identity, psk, clientCertificates, ticketKeys, cipherSuites, mtu, timeoutMilliseconds } = options;
  const { transmission, limits, clock, random = randomSource(), rememberedBytesLimit = 67_108_864 } = options;
  const channelOptions = { transmission, limits, clock, random, budget: new MemoryBudget(rememberedBytesLimit) };
  const accept = { identity, psk, clientCertificates, ticketKeys, cipherSuites, mtu, timeoutMilliseconds };
  const open = (socket: DtlsSocket): void => {
    const channel = datagramChannel(socket, { ...channelOptions, scheme: "coaps", security: securedBy(socket) });
    onChannel(channel);
  };
  const secured = dtlsEndpoint(endpoint, {
    ...{ backend, accept, clock, onSession: open, onFailure: options.onFailure },
    maxHandshakes: options.handshakeLimit,
    maxSessions: options.peerLimit,
    idleMilliseconds: options.idleMilliseconds,
  });
  return new SecuredListener(secured);
}

class SecuredListener implements CoapListener {
  readonly #endpoint: DtlsEndpoint;

  constructor(endpoint: DtlsEndpoint) {
    this.#endpoint = endpoint;
  }

  get address(): DatagramAddress {
    return this.#endpoint.address;
  }

  get peerCount(): number {
    return this.#endpoint.sessions;
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
