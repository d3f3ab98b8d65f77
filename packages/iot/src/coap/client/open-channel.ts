import { UsageError } from "@fairlead/core";
import { connectUdp } from "@fairlead/transport";
import type { CoapChannel } from "../channel.ts";
import { datagramChannel } from "../datagram/datagram-channel.ts";
import type { Network } from "../../network.ts";
import { type CoapDestination, coapSchemes, formatCoapUri } from "../protocol/index.ts";

/** What channels are opened by. */
export interface OpenChannelOptions {
  /** Whose names, proxies, trust and remembered sessions to use; none, and no more than this machine's, by default. */
  readonly manager?: Network | undefined;
}

/** Opens what carries exchanges to a destination, as its scheme says. */
export async function openChannel(
  destination: CoapDestination,
  { manager }: OpenChannelOptions,
  signal: AbortSignal,
): Promise<CoapChannel> {
  const { scheme, host, port } = destination;
  switch (scheme) {
    case "coap": {
      const url = formatCoapUri({ ...destination, path: [], query: [] });
      const path = await (manager?.connectDatagrams(url, { signal }) ?? connectUdp({ host, port, signal }));
      return datagramChannel(path);
    }
    case "coaps":
    case "coap+tcp":
    case "coaps+tcp":
    case "coap+ws":
    case "coaps+ws":
      throw new UsageError("URL_SCHEME_UNKNOWN", { detail: `${scheme} (${coapSchemes[scheme].carrier})` });
  }
}
