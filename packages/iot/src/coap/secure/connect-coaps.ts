import { UsageError } from "@fairlead/core";
import type { TlsBackend, TlsPsk } from "@fairlead/tls";
import type { DtlsConnectOptions, DtlsSocket } from "@fairlead/tls/datagram";
import { connectUdp, formatPeer, type DatagramPath } from "@fairlead/transport";
import type { Network } from "../../network.ts";
import type { CoapChannel } from "../channel.ts";
import { type DatagramChannelOptions, datagramChannel } from "../datagram/datagram-channel.ts";
import { coapSchemes, formatCoapUri } from "../protocol/index.ts";
import { askForKey, type OnPreSharedKey } from "./pre-shared-key.ts";
import { securedBy } from "./secured-by.ts";

/** Where a server is. */
export interface CoapsDestination {
  /** Host name (A-labels), or IP literal without brackets. */
  readonly host: string;
  /** 5684 by default. */
  readonly port?: number | undefined;
}

/** How DTLS is done where that is not a manager's business. */
export interface CoapsConnectSecurity
  extends Pick<
    DtlsConnectOptions,
    "trust" | "identity" | "session" | "onSession" | "cipherSuites" | "serverName" | "timeoutMilliseconds" | "mtu"
  > {
  /** One that has datagrams: `openssl` or `gnutls`. */
  readonly backend: TlsBackend;
}

/** How a channel over DTLS is opened. */
export interface ConnectCoapsOptions extends Omit<DatagramChannelOptions, "scheme" | "security"> {
  /** Whose names, trust, client identity and remembered sessions are used; either this, or `tls`. */
  readonly manager?: Pick<Network, "connectDatagrams"> | undefined;
  readonly tls?: CoapsConnectSecurity | undefined;
  /** Asked for the key of this server; without it, and where it gives none, servers are known by certificates. */
  readonly onPreSharedKey?: OnPreSharedKey | undefined;
  /** Gives up the opening. Has no effect once the channel is there. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a channel to a CoAP server over DTLS 1.2. The server has shown that it knows the key, or that its certificate is
 * trusted and for this host.
 *
 * For small devices the cipher suites with the short tags of CCM_8 are offered too, as the last choice:
 * TLS_PSK_WITH_AES_128_CCM_8 is what every device with a key has. `tls.cipherSuites` leaves them out.
 *
 * @throws TlsError; TransportError; TimeoutError; PolicyError; UsageError OPTION_INVALID; what `onPreSharedKey` throws; or
 * the signal's reason.
 * @see RFC 7252 section 9.1.3; RFC 9525
 *
 * @example
 * const channel = await connectCoaps({ host: "lamp.example" }, { manager, onPreSharedKey: () => ({ identity, key }) });
 * const response = await channelRequester(channel)({ code: "0.01", options: [], payload: new Uint8Array(0) });
 */
export async function connectCoaps(
  { host, port = coapSchemes.coaps.defaultPort }: CoapsDestination,
  { manager, tls, onPreSharedKey, signal, ...options }: ConnectCoapsOptions,
): Promise<CoapChannel> {
  const open = pathOpener({ host, port }, { manager, tls, signal });
  const psk = await askForKey(onPreSharedKey, formatPeer(host, port), signal);
  const path = await open(psk);
  return datagramChannel(path, { ...options, scheme: "coaps", security: securedBy(path) });
}

type OpenPath = (psk: TlsPsk | undefined) => Promise<DtlsSocket>;

function pathOpener(
  { host, port }: { readonly host: string; readonly port: number },
  { manager, tls, signal }: Pick<ConnectCoapsOptions, "manager" | "tls" | "signal">,
): OpenPath {
  if (manager !== undefined && tls === undefined) {
    const url = formatCoapUri({ scheme: "coaps", host, port, path: [], query: [] });
    return async (psk) => requireSecured(await manager.connectDatagrams(url, { psk, signal }));
  }
  if (tls === undefined || manager !== undefined) {
    throw new UsageError("OPTION_INVALID", { detail: "manager", remedy: "give either a manager or tls" });
  }
  const { backend, trust, identity, session, onSession, ...others } = tls;
  const { connectDatagram } = backend;
  if (connectDatagram === undefined) {
    throw new UsageError("OPTION_INVALID", { detail: "tls.backend", remedy: "give a backend that has datagrams" });
  }
  return async (psk) => {
    const byCertificate = { trust, identity, session, onSession };
    const below = await connectUdp({ host, port, signal });
    return connectDatagram(below, { ...others, ...(psk === undefined ? byCertificate : { psk }), host, signal });
  };
}

/** Whatever opened it: what is not secured does not pass for `coaps`. */
function requireSecured(path: DatagramPath | DtlsSocket): DtlsSocket {
  if ("encrypted" in path) return path;
  path.close();
  throw new UsageError("OPTION_INVALID", {
    peer: path.peer,
    detail: "manager",
    remedy: "give one whose connectDatagrams secures coaps:",
  });
}
