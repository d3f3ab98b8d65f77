import { UsageError } from "@fairlead/core";
import { type DatagramAddress, openUdp, type UdpMulticast } from "@fairlead/transport";
import type { CoapChannel } from "../channel.ts";
import { listenDatagrams } from "../datagram/listen-datagrams.ts";
import type { CoapHandler } from "../exchange.ts";
import type { CoapDestination } from "../protocol/index.ts";
import { listenCoaps, type ListenCoapsOptions } from "../secure/listen-coaps.ts";
import { listenStreams, type StreamTlsOptions } from "../stream/listen-streams.ts";
import { serveChannel } from "./serve-channel.ts";

/** How it is listened. */
export interface OpenListenerOptions {
  /** Groups that are heard as well, each on an endpoint of its own with the same port; only with `coap`, and one address. */
  readonly groups?: readonly UdpMulticast[] | undefined;
  /** What `coaps` needs: a backend, and a certificate or keys. */
  readonly dtls?: ListenCoapsOptions | undefined;
  /** What `coaps+tcp` needs. */
  readonly tls?: StreamTlsOptions | undefined;
}

/** What listens. */
export interface OpenListener {
  readonly address: DatagramAddress;
  close(): Promise<void>;
}

/** Listens as a scheme says, and has each channel served by a handler. */
export async function openListener(
  { scheme, host, port }: CoapDestination,
  handler: CoapHandler,
  { groups = [], dtls, tls }: OpenListenerOptions,
): Promise<OpenListener> {
  const serve = (channel: CoapChannel): void => {
    serveChannel(channel, handler);
  };
  if (groups.length > 0 && scheme !== "coap") throw invalid("groups", "hear groups by coap, which alone can");
  if (groups.length > 0 && (host === "::" || host === "0.0.0.0")) {
    // Sharing the port with it would need SO_REUSEADDR, by which other programs take over what is sent to it.
    throw invalid(
      "host",
      "give an address of this machine where groups are heard: one for all leaves no port to a group",
    );
  }
  switch (scheme) {
    case "coap":
      return listenInTheClear({ host, port }, groups, isLoopback(host) ? trustingAddresses(handler) : handler);
    case "coaps":
      if (dtls === undefined) throw invalid("dtls", "give a backend, and a certificate or keys");
      return listenCoaps(await openUdp({ host, port }), serve, dtls);
    case "coap+tcp":
      return listenStreams({ host, port }, serve);
    case "coaps+tcp":
      if (tls === undefined) throw invalid("tls", "give a certificate or keys");
      return listenStreams({ host, port }, serve, { tls });
    case "coap+ws":
    case "coaps+ws":
      throw invalid(
        "scheme",
        "serve WebSockets by an HTTP server, and each of them by webSocketChannel and serveChannel",
      );
  }
}

async function listenInTheClear(
  address: DatagramAddress,
  groups: readonly UdpMulticast[],
  handler: CoapHandler,
): Promise<OpenListener> {
  const endpoint = await openUdp(address);
  const opened = [endpoint];
  try {
    const { port } = endpoint.address;
    for (const multicast of groups) opened.push(await openUdp({ port, multicast }));
  } catch (error) {
    await Promise.all(opened.map((each) => each.close()));
    throw error;
  }
  const serve = (channel: CoapChannel): void => {
    serveChannel(channel, handler);
  };
  return listenDatagrams(endpoint, serve, { groups: opened.slice(1) });
}

/** What came over loopback came from there. What came by a group came from anywhere. */
function trustingAddresses(handler: CoapHandler): CoapHandler {
  return (request, context) => handler(request, context.isMulticast ? context : { ...context, isReachable: true });
}

function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "listen", detail, remedy });
}
