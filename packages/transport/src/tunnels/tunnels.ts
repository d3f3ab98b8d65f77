import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { UsageError } from "@fairlead/core";
import { formatPeer } from "../peer-name.ts";
import { converse, type Conversation } from "./converse.ts";
import type { Dialogue } from "./protocol/dialogue.ts";
import { httpConnectDialogue, type ConnectAnswer } from "./protocol/http-connect.ts";
import { socks4aDialogue } from "./protocol/socks4a.ts";
import { socks5Dialogue, type SocksDestination, type SocksRequest } from "./protocol/socks5.ts";

/** Where a tunnel leads. */
export interface TunnelOptions {
  /** Host name, which the proxy resolves, or IP literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** The proxy, for error messages: `host:port`. */
  readonly peer: string;
  readonly signal?: AbortSignal | undefined;
}

/** Where a tunnel leads, and who asks. */
export interface SocksTunnelOptions extends TunnelOptions {
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}

/** Where a tunnel leads, and what the proxy alone is told. */
export interface HttpTunnelOptions extends TunnelOptions {
  /** `Proxy-Authorization` above all. */
  readonly fields?: readonly (readonly [name: string, value: string])[] | undefined;
}

/**
 * Makes `below`, a stream to an HTTP proxy, a stream to a server. Where it answers `challenged` nothing is open yet: the
 * caller may ask again with credentials, over the same stream if that is `reusable`, and owns it.
 *
 * @throws TransportError PROXY_REFUSED, PROXY_ANSWER_INVALID or what the stream failed with; UsageError; or the signal's
 * reason. `below` is destroyed then.
 * @see RFC 9110 section 9.3.6
 */
export async function httpTunnel(below: Duplex, options: HttpTunnelOptions): Promise<ConnectAnswer> {
  const { host, port, fields = [] } = options;
  return converse(
    below,
    prepare(below, () => httpConnectDialogue({ host, port, fields })),
    conversation(options),
  );
}

/**
 * Makes `below`, a stream to a SOCKS 5 proxy, a stream to a server.
 *
 * @throws TransportError PROXY_REFUSED, PROXY_AUTHENTICATION_REQUIRED, PROXY_ANSWER_INVALID, or what became of the
 * connection beyond it; UsageError; or the signal's reason. `below` is destroyed then.
 * @see RFC 1928; RFC 1929
 */
export async function socks5Tunnel(below: Duplex, options: SocksTunnelOptions): Promise<Duplex> {
  await converse(
    below,
    prepare(below, () => socks5Dialogue(socksRequest(options))),
    conversation(options),
  );
  return below;
}

/**
 * Makes `below`, a stream to a SOCKS 4a proxy, a stream to a server. There are neither passwords nor IPv6.
 *
 * @throws as {@link socks5Tunnel} does.
 */
export async function socks4aTunnel(below: Duplex, options: SocksTunnelOptions): Promise<Duplex> {
  await converse(
    below,
    prepare(below, () => socks4aDialogue(socksRequest(options))),
    conversation(options),
  );
  return below;
}

function conversation({ host, port, peer, signal }: TunnelOptions): Conversation {
  return { peer, destination: formatPeer(host, port), signal };
}

/** What cannot be said is the caller's mistake, and the stream is as lost as after any other failure. */
function prepare<Answer>(below: Duplex, make: () => Dialogue<Answer>): Dialogue<Answer> {
  try {
    return make();
  } catch (cause) {
    below.destroy();
    throw new UsageError("OPTION_INVALID", { detail: cause instanceof Error ? cause.message : undefined, cause });
  }
}

function socksRequest({ host, port, credentials }: SocksTunnelOptions): SocksRequest {
  return { destination: destinationOf(host), port, credentials };
}

function destinationOf(host: string): SocksDestination {
  switch (isIP(host)) {
    case 4:
      return { type: "ipv4", address: Uint8Array.from(host.split("."), Number) };
    case 6:
      return { type: "ipv6", address: ipv6Bytes(host) };
    default:
      return { type: "name", name: host };
  }
}

/** The URL parser knows all spellings, and has one of its own. RFC 5952. */
function ipv6Bytes(host: string): Uint8Array {
  const [head = "", tail] = new URL(`http://[${host.replace(/%.*$/, "")}]/`).hostname.slice(1, -1).split("::");
  const groups = (text: string): readonly number[] =>
    text === "" ? [] : text.split(":").map((each) => Number(`0x${each}`));
  const [left, right] = [groups(head), tail === undefined ? [] : groups(tail)];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}
