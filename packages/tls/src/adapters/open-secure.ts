import type { Duplex } from "node:stream";
import { connectTcp, formatPeer } from "@fairlead/transport";
import type { TlsSocket } from "../contract.ts";
import { connectTls, type ConnectTlsOptions } from "../sockets/connect-tls.ts";
import { asNetSocket, type NetSurface } from "./net-surface.ts";

/** How an adapter's connections are secured, and over what. */
export interface AdapterOptions extends Omit<ConnectTlsOptions, "host" | "serverName" | "peer" | "signal" | "session"> {
  /** Opens what TLS runs over; TCP by default. A proxy tunnel is one as well. */
  readonly open?: ((address: AdapterAddress, signal: AbortSignal | undefined) => Promise<Duplex>) | undefined;
}

/** Where a library wants to go. */
export interface AdapterAddress {
  /** Host name or IP literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a library wants beside the address. */
export interface AdapterRequest extends AdapterAddress {
  /**
   * The name that the certificate must be for, and that is asked for, where it is not the host's: libraries take it from
   * a Host field that the application sets.
   */
  readonly serverName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens and secures a connection for a library that expects a `tls.TLSSocket`. */
export async function openSecure(options: AdapterOptions, request: AdapterRequest): Promise<TlsSocket & NetSurface> {
  const { open, ...tlsOptions } = options;
  const below = await openBelow(open, request);
  const name = request.serverName === undefined || request.serverName === "" ? request.host : request.serverName;
  const peer = formatPeer(request.host, request.port);
  return asNetSocket(await connectTls(below, { ...tlsOptions, host: name, peer, signal: request.signal }), below);
}

/** Opens what TLS runs over. */
export function openBelow(open: AdapterOptions["open"], { host, port, signal }: AdapterRequest): Promise<Duplex> {
  return open === undefined ? connectTcp({ host, port, signal }) : open({ host, port }, signal);
}
