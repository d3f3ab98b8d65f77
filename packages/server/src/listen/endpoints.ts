import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Endpoint } from "../exchange/index.ts";

/** Both ends of a stream, where it is a socket that has them; a Unix socket has none. */
export interface StreamEnds {
  readonly remote: Endpoint | undefined;
  readonly local: Endpoint | undefined;
}

/** Reads them of any stream with the surface of a socket. */
export function endsOf(stream: Duplex): StreamEnds {
  const { remoteAddress, remotePort, localAddress, localPort }: Partial<Socket> = stream as Partial<Socket>;
  return { remote: endpoint(remoteAddress, remotePort), local: endpoint(localAddress, localPort) };
}

/** An endpoint whose IPv4 address has its own form, also where it came mapped into IPv6, and without a zone. */
export function endpoint(address: string | undefined, port: number | undefined): Endpoint | undefined {
  if (address === undefined || port === undefined) return undefined;
  return { address: plainAddress(address), port };
}

/** RFC 4291 section 2.5.5.2; RFC 4007 section 11 */
function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address.replace(/%.*$/, "");
}
