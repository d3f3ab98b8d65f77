import { UsageError } from "@fairlead/core";
import { type DatagramAddress, openUdp } from "@fairlead/transport";
import { listenDatagrams } from "../datagram/listen-datagrams.ts";
import type { CoapHandler } from "../exchange.ts";
import { type CoapDestination, coapSchemes } from "../protocol/index.ts";
import { serveChannel } from "./serve-channel.ts";

/** What listens. */
export interface OpenListener {
  readonly address: DatagramAddress;
  close(): Promise<void>;
}

/** Listens as a scheme says, and has each channel served by a handler. */
export async function openListener(where: CoapDestination, handler: CoapHandler): Promise<OpenListener> {
  const { scheme, host, port } = where;
  switch (scheme) {
    case "coap": {
      const endpoint = await openUdp({ host, port });
      const listener = listenDatagrams(endpoint, (channel) => {
        serveChannel(channel, handler);
      });
      return { address: listener.address, close: () => listener.close() };
    }
    case "coaps":
    case "coap+tcp":
    case "coaps+tcp":
    case "coap+ws":
    case "coaps+ws":
      throw new UsageError("URL_SCHEME_UNKNOWN", { detail: `${scheme} (${coapSchemes[scheme].carrier})` });
  }
}
