import { ipv4Text, ipv6Text } from "./addresses.ts";
import type { ProxyEndpoint, ProxyEnds, ProxyHeadReading } from "./head.ts";

/** The longest line that the specification allows, with its end. Section 2.1. */
const maxLineBytes = 107;

/** Reads a line for people: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443`. Section 2.1. */
export function readVersion1(bytes: Uint8Array): ProxyHeadReading {
  const seen = bytes.subarray(0, maxLineBytes);
  const end = seen.indexOf(lineFeed);
  if (end === -1) {
    return seen.length < maxLineBytes ? { type: "need-data" } : { type: "invalid", detail: "a line without an end" };
  }
  const line = String.fromCharCode(...seen.subarray(0, end));
  const ends = line.endsWith("\r") ? endsOf(line.slice(0, -1)) : undefined;
  if (ends === undefined) return { type: "invalid", detail: "a line that is not of version 1" };
  const nothing = { tls: undefined, alpnProtocol: undefined, authority: undefined, uniqueId: undefined };
  return { type: "head", head: { version: 1, ends, ...nothing }, length: end + 1 };
}

const lineFeed = 10;

function endsOf(line: string): ProxyEnds | undefined {
  // What follows UNKNOWN is to be ignored.
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { type: "own" };
  const [, family, from = "", to = "", fromPort = "", toPort = "", ...more] = line.split(" ");
  if ((family !== "TCP4" && family !== "TCP6") || more.length > 0) return undefined;
  const canonical = family === "TCP4" ? ipv4Text : ipv6Text;
  const source = endpoint(canonical(from), fromPort);
  const destination = endpoint(canonical(to), toPort);
  return source && destination && { type: "addresses", source, destination };
}

function endpoint(address: string | undefined, port: string): ProxyEndpoint | undefined {
  if (address === undefined || !/^(?:0|[1-9]\d{0,4})$/.test(port) || Number(port) > 65_535) return undefined;
  return { address, port: Number(port) };
}
