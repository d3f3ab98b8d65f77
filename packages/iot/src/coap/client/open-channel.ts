import { connectUdp } from "@fairlead/transport";
import type { Network } from "../../network.ts";
import type { CoapChannel } from "../channel.ts";
import { datagramChannel } from "../datagram/datagram-channel.ts";
import { type CoapDestination, formatCoapUri } from "../protocol/index.ts";
import { connectCoaps, type CoapsConnectSecurity } from "../secure/connect-coaps.ts";
import type { OnPreSharedKey } from "../secure/pre-shared-key.ts";
import { connectStream, type ConnectStreamOptions } from "../stream/connect-stream.ts";

/** What channels are opened by. */
export interface OpenChannelOptions {
  /** Whose names, proxies, trust, identity and remembered sessions to use; this machine's names alone by default. */
  readonly manager?: Network | undefined;
  /** How `coaps` is secured where no manager does it: without either, such a URL is refused. */
  readonly dtls?: CoapsConnectSecurity | undefined;
  /** How TCP, TLS and WebSockets are done where no manager does it. */
  readonly stream?: Pick<ConnectStreamOptions, "tls" | "dangerous"> | undefined;
  /** Asked for the key of each server that is secured; those it gives none for are known by their certificates. */
  readonly onPreSharedKey?: OnPreSharedKey | undefined;
}

/** Opens what carries exchanges to a destination, as its scheme says. */
export async function openChannel(
  destination: CoapDestination,
  { manager, dtls, stream, onPreSharedKey }: OpenChannelOptions,
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
      return connectCoaps({ host, port }, { manager, tls: dtls, onPreSharedKey, signal });
    case "coap+tcp":
    case "coaps+tcp":
    case "coap+ws":
    case "coaps+ws":
      return connectStream(destination, { ...stream, manager, onPreSharedKey, signal });
  }
}
