import type { Duplex } from "node:stream";
import { FairleadError } from "@fairlead/core";
import { type ConnectionFailure, type TlsServer, tlsServer, type TlsServerOptions } from "@fairlead/tls/sockets";
import type { DatagramAddress } from "@fairlead/transport";
import type { CoapListener } from "../datagram/listen-datagrams.ts";
import { streamChannel } from "./open-channel.ts";
import type { CoapStreamChannel, CoapStreamOptions } from "./stream-channel.ts";
import { streamSecurity } from "./stream-security.ts";

/** Who a server is, and whom it lets in. */
export type StreamTlsOptions = Omit<
  TlsServerOptions,
  "protocol" | "alpnProtocols" | "maxConnections" | "maxPendingHandshakes" | "handshakeTimeoutMilliseconds"
>;

/** How connections are listened for. */
export interface ListenStreamsOptions extends CoapStreamOptions {
  /** Secures the connections, which are `coaps+tcp` then; `coap+tcp` by default. */
  readonly tls?: StreamTlsOptions | undefined;
  /** Connections in all; more are closed at once. 1,000 by default. */
  readonly maxConnections?: number | undefined;
  /** Connections that are not secure yet; more are closed at once. 100 by default. */
  readonly maxPendingHandshakes?: number | undefined;
  /** From the connection to the end of the TLS handshake; 10,000 by default. */
  readonly handshakeTimeoutMilliseconds?: number | undefined;
  /** Closes a connection on which nothing happens and nothing is observed; ten minutes by default. */
  readonly idleTimeoutMilliseconds?: number | undefined;
  /** Told of connections that failed. By default nobody is. */
  readonly onFailure?: ((failure: ConnectionFailure) => void) | undefined;
}

/**
 * Listens for CoAP over TCP, or TLS, and makes a channel of each connection.
 *
 * @param address a port, 0 for one that the system chooses, and an IP literal or name; all addresses by default
 * @param onChannel is told of each before its first request
 *
 * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED or another; UsageError OPTION_INVALID.
 *
 * @example
 * await using listener = await listenStreams({ port: 5683 }, (channel) => serveChannel(channel, handler));
 */
export async function listenStreams(
  address: { readonly port: number; readonly host?: string | undefined },
  onChannel: (channel: CoapStreamChannel) => void,
  options: ListenStreamsOptions = {},
): Promise<CoapListener> {
  const { tls, maxConnections = 1_000, maxPendingHandshakes = 100, handshakeTimeoutMilliseconds } = options;
  const limits = { maxConnections, maxPendingHandshakes, handshakeTimeoutMilliseconds };
  const server = tlsServer({
    ...tls,
    ...limits,
    ...(tls === undefined ? { protocol: "plain" } : { protocol: "tls", alpnProtocols: ["coap"] }),
  });
  const bound = await server.listen(address);
  return new StreamListener(server, { host: bound.address, port: bound.port }, onChannel, options);
}

class StreamListener implements CoapListener {
  readonly address: DatagramAddress;
  readonly #server: TlsServer;
  readonly #onChannel: (channel: CoapStreamChannel) => void;
  readonly #options: ListenStreamsOptions;
  readonly #channels = new Set<CoapStreamChannel>();
  readonly #ending = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(
    server: TlsServer,
    address: DatagramAddress,
    onChannel: (channel: CoapStreamChannel) => void,
    options: ListenStreamsOptions,
  ) {
    this.#server = server;
    this.address = address;
    this.#onChannel = onChannel;
    this.#options = options;
    server.on("connection", ({ socket, peer = "unknown" }) => {
      void this.#open(socket, peer);
    });
    server.on("connectionError", (failure) => {
      // Of those that have a channel, the channel tells.
      if (failure.phase === "handshake") options.onFailure?.(failure);
    });
  }

  get peerCount(): number {
    return this.#channels.size;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(socket: Duplex, peer: string): Promise<void> {
    const { tls, idleTimeoutMilliseconds = 600_000, onFailure } = this.#options;
    try {
      const channel = await streamChannel(socket, {
        ...this.#options,
        ...{ peer, idleTimeoutMilliseconds, security: streamSecurity(socket), signal: this.#ending.signal },
        scheme: tls === undefined ? "coap+tcp" : "coaps+tcp",
      });
      this.#channels.add(channel);
      channel.once("close", (reason) => {
        this.#channels.delete(channel);
        if (reason !== undefined) onFailure?.({ error: reason, peer, phase: "established" });
      });
      this.#onChannel(channel);
    } catch (error) {
      if (error instanceof FairleadError) onFailure?.({ error, peer, phase: "established" });
    }
  }

  async #close(): Promise<void> {
    const closed = this.#server.close();
    this.#ending.abort();
    await Promise.all([...this.#channels].map((channel) => channel.close()));
    await closed;
  }
}
