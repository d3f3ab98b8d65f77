import type { Duplex } from "node:stream";
import type { TlsPsk } from "@fairlead/tls";
import type { DtlsSocket } from "@fairlead/tls/datagram";
import type { DatagramPath } from "@fairlead/transport";
import type { CoapWebSocket } from "./coap/stream/websocket-carrier.ts";

/** What a connection is opened for. */
export interface NetworkConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** Offered in this order. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Proves both sides by a key that both know, instead of certificates. */
  readonly psk?: TlsPsk | undefined;
}

/** A WebSocket that is being opened: `opened` rejects with what a connection may fail with. */
export type NetworkWebSocket = CoapWebSocket & { readonly opened: Promise<unknown> };

/**
 * What opens connections as one application does: with its names, proxies, trust, client identity, TLS library and
 * remembered sessions. A `NetworkAccessManager` is one.
 */
export interface Network {
  /**
   * Opens a byte stream to where a URL points, by TLS where its scheme says so (`mqtts:`, `amqps:`, `coaps+tcp:`).
   *
   * @throws TransportError, TlsError, TimeoutError, PolicyError; or the signal's reason.
   */
  connect(url: string | URL, options?: NetworkConnectOptions): Promise<Duplex>;
  /** Opens a path for datagrams to where a URL points, by DTLS (a `DtlsSocket`) for `coaps:`. Never by a proxy. */
  connectDatagrams(url: string | URL, options?: NetworkConnectOptions): Promise<DatagramPath | DtlsSocket>;
  /** Opens a WebSocket, which the signal ends whenever it fires. */
  webSocket?(
    url: string | URL,
    options: { readonly protocols: string; readonly signal: AbortSignal },
  ): NetworkWebSocket;
  readonly connectivity: {
    /**
     * Resolves when it is so: there is an internet, a network of which nobody knows whether it leads there, or one that
     * asks its users first. Nobody waits for `online` and `portal` where nothing can tell: UsageError
     * CONNECTIVITY_PROBE_MISSING.
     */
    until(state: "local" | "portal" | "online", options?: { readonly signal: AbortSignal }): Promise<unknown>;
  };
}
