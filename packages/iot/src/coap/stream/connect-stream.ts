import type { Duplex } from "node:stream";
import { ProtocolError, TimeoutError, UsageError } from "@fairlead/core";
import type { TlsPsk } from "@fairlead/tls";
import { connectTls, type ConnectTlsOptions } from "@fairlead/tls/sockets";
import { connectTcp, formatPeer } from "@fairlead/transport";
import type { Network } from "../../network.ts";
import type { CoapSecurity } from "../exchange.ts";
import { type CoapDestination, coapSchemes } from "../protocol/index.ts";
import { askForKey, type OnPreSharedKey } from "../secure/pre-shared-key.ts";
import { streamChannel, webSocketChannel } from "./open-channel.ts";
import type { CoapStreamChannel, CoapStreamOptions } from "./stream-channel.ts";
import { agreedProtocol, streamSecurity } from "./stream-security.ts";
import type { CoapWebSocket } from "./websocket-carrier.ts";

/** How a server is connected to. */
export interface ConnectStreamOptions extends CoapStreamOptions {
  /** Whose names, proxies, trust and remembered sessions to use; none, and no more than this machine's, by default. */
  readonly manager?: Network | undefined;
  /** Asked for the key of this server; without it, and where it gives none, servers are known by certificates. */
  readonly onPreSharedKey?: OnPreSharedKey | undefined;
  /** Whom to trust and who to be; a manager has its own. */
  readonly tls?: Omit<ConnectTlsOptions, "host" | "alpnProtocols" | "psk" | "peer" | "signal"> | undefined;
  /** For the TCP connection, where no manager opens it; 10,000 by default. */
  readonly connectTimeoutMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly dangerous?: ConnectStreamDangers | undefined;
}

/** What is lost is in the name. */
export interface ConnectStreamDangers {
  /**
   * Goes on where TLS did not agree on `coap`, on other ports than 5684: the server may take what is sent for a protocol of
   * its own. Some servers, such as those of libcoap 4.3.1, do not agree on anything.
   */
  readonly acceptUnagreedProtocol?: boolean | undefined;
}

/**
 * Connects to a CoAP server by TCP, TLS or WebSocket, as the scheme says.
 *
 * @throws what opening the connection throws, then as `streamChannel`; ProtocolError COAP_STREAM_BROKEN where TLS does not
 * agree on `coap` as it has to, on other ports than 5684; UsageError URL_SCHEME_UNKNOWN for datagrams, and for a WebSocket
 * without a manager that opens them.
 *
 * @see RFC 8323 section 8
 *
 * @example
 * const channel = await connectStream({ scheme: "coaps+tcp", host: "device.example", port: 5684 }, { manager });
 */
export async function connectStream(
  destination: CoapDestination,
  options: ConnectStreamOptions = {},
): Promise<CoapStreamChannel> {
  const { scheme, host, port } = destination;
  const { carrier, isSecure } = coapSchemes[scheme];
  const peer = formatPeer(host, port);
  const { manager, onPreSharedKey, signal } = options;
  signal?.throwIfAborted();
  switch (carrier) {
    case "datagrams":
      throw new UsageError("URL_SCHEME_UNKNOWN", { peer, detail: `${scheme} is not carried by streams` });
    case "stream": {
      const psk = isSecure ? await askForKey(onPreSharedKey, peer, signal) : undefined;
      const stream =
        manager === undefined
          ? await open(destination, psk, options)
          : await manager.connect(`${scheme}://${peer}`, {
              signal,
              psk,
              alpnProtocols: isSecure ? ["coap"] : undefined,
            });
      if (options.dangerous?.acceptUnagreedProtocol !== true) requireAgreement(stream, destination);
      return streamChannel(stream, { ...options, peer, scheme, security: streamSecurity(stream, psk?.identity) });
    }
    case "websocket": {
      const socket = await openWebSocket(`${isSecure ? "wss" : "ws"}://${peer}/.well-known/coap`, peer, options);
      const security = isSecure ? unseenCertificate : undefined;
      return webSocketChannel(socket, { ...options, peer, scheme, security });
    }
  }
}

/** RFC 8323 section 8.3. The signal gives up the opening alone. */
async function openWebSocket(
  url: string,
  peer: string,
  { manager, signal }: ConnectStreamOptions,
): Promise<CoapWebSocket> {
  if (manager?.webSocket === undefined) {
    throw new UsageError("URL_SCHEME_UNKNOWN", { peer, remedy: "give a manager, which opens WebSockets" });
  }
  const givingUp = new AbortController();
  const giveUp = (): void => {
    givingUp.abort(signal?.reason);
  };
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    const socket = manager.webSocket(url, { protocols: "coap", signal: givingUp.signal });
    await socket.opened;
    return socket;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

/** Without a manager. */
async function open(
  { scheme, host, port }: CoapDestination,
  psk: TlsPsk | undefined,
  options: ConnectStreamOptions,
): Promise<Duplex> {
  const { tls, signal, connectTimeoutMilliseconds = 10_000 } = options;
  const peer = formatPeer(host, port);
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new TimeoutError("connect", { peer, operation: "connect" }));
  }, connectTimeoutMilliseconds);
  try {
    const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
    const stream = await connectTcp({ host, port, signal: either });
    clearTimeout(timer);
    if (!coapSchemes[scheme].isSecure) return stream;
    return await connectTls(stream, { ...tls, host, psk, peer, signal, alpnProtocols: ["coap"] });
  } finally {
    clearTimeout(timer);
  }
}

/** RFC 8323 section 8.2: on other ports than its own, what is behind TLS has to be agreed on. */
function requireAgreement(stream: Duplex, { scheme, host, port }: CoapDestination): void {
  const { isSecure, defaultPort } = coapSchemes[scheme];
  if (!isSecure || port === defaultPort || agreedProtocol(stream) === "coap") return;
  stream.destroy();
  const detail = "TLS did not agree on coap";
  throw new ProtocolError("COAP_STREAM_BROKEN", { peer: formatPeer(host, port), operation: "connect", detail });
}

/** A WebSocket was opened over a verified connection, and does not tell whose. */
const unseenCertificate: CoapSecurity = { type: "certificate", fingerprint: undefined, subject: undefined };
