import { addressBytes, ipv4Text, ipv6Text } from "./addresses.ts";
import { crc32c } from "./crc32c.ts";
import type { ProxyEnds, ProxyHead } from "./head.ts";
import { clientBits, types } from "./type-length-values.ts";
import { signature } from "./version-2.ts";

/** How a head is written. */
export interface ProxyHeadFormat {
  /** Adds a checksum to a head of version 2. */
  readonly checksum?: boolean | undefined;
}

/**
 * Writes a head, to be sent before all other bytes of a connection. Version 1 tells of addresses only; version 2 needs both
 * of the same version of IP, or both written as IPv6.
 *
 * @throws RangeError for what is no address or port, or does not fit.
 */
export function formatProxyHead(head: ProxyHead, { checksum = false }: ProxyHeadFormat = {}): Uint8Array {
  return head.version === 1 ? formatVersion1(head.ends) : formatVersion2(head, checksum);
}

function formatVersion1(ends: ProxyEnds): Uint8Array {
  if (ends.type !== "addresses") return ascii("PROXY UNKNOWN\r\n");
  const { source, destination } = checked(ends);
  const family = source.bytes.length === 4 ? "TCP4" : "TCP6";
  const words = ["PROXY", family, source.address, destination.address, source.port, destination.port];
  return ascii(`${words.join(" ")}\r\n`);
}

function formatVersion2(head: ProxyHead, checksum: boolean): Uint8Array {
  const { family, addresses } = addressBlock(head.ends);
  const values = [
    head.alpnProtocol === undefined ? nothing : value(types.alpn, ascii(head.alpnProtocol)),
    head.authority === undefined ? nothing : value(types.authority, ascii(head.authority)),
    head.uniqueId === undefined ? nothing : value(types.uniqueId, head.uniqueId),
    head.tls === undefined ? nothing : value(types.ssl, tlsValue(head.tls)),
    checksum ? value(types.crc32c, new Uint8Array(4)) : nothing,
  ];
  const content = join(addresses, ...values);
  if (content.length > 0xffff) throw new RangeError("a head of more than 65,535 bytes");
  // LOCAL has all else discarded.
  const command = head.ends.type === "own" && content.length === 0 ? 0x20 : 0x21;
  const bytes = join(signature, Uint8Array.of(command, family, content.length >> 8, content.length & 0xff), content);
  if (checksum) new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32c(bytes));
  return bytes;
}

function addressBlock(ends: ProxyEnds): { readonly family: number; readonly addresses: Uint8Array } {
  switch (ends.type) {
    case "own":
      return { family: 0, addresses: nothing };
    case "unix":
      return { family: 0x31, addresses: new Uint8Array(216) };
    case "addresses": {
      const { source, destination } = checked(ends);
      const ports = Uint8Array.of(source.port >> 8, source.port & 0xff, destination.port >> 8, destination.port & 0xff);
      const family = source.bytes.length === 4 ? 0x11 : 0x21;
      return { family, addresses: join(source.bytes, destination.bytes, ports) };
    }
  }
}

interface CheckedEnd {
  readonly address: string;
  readonly bytes: Uint8Array;
  readonly port: number;
}

/** Both ends in one version of IP: an IPv4 address beside an IPv6 address is mapped. */
function checked(ends: ProxyEnds & { readonly type: "addresses" }): Record<"source" | "destination", CheckedEnd> {
  const source = checkedEnd(ends.source);
  const destination = checkedEnd(ends.destination);
  if (source.bytes.length === destination.bytes.length) return { source, destination };
  return { source: mapped(source), destination: mapped(destination) };
}

function checkedEnd({ address, port }: { readonly address: string; readonly port: number }): CheckedEnd {
  const text = ipv4Text(address) ?? ipv6Text(address);
  if (text === undefined) throw new RangeError(`${address} is no address`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`port ${String(port)} is none`);
  return { address: text, bytes: addressBytes(text), port };
}

function mapped(end: CheckedEnd): CheckedEnd {
  if (end.bytes.length === 16) return end;
  const bytes = join(new Uint8Array(10), Uint8Array.of(0xff, 0xff), end.bytes);
  return { ...end, address: `::ffff:${end.address}`, bytes };
}

function tlsValue(tls: NonNullable<ProxyHead["tls"]>): Uint8Array {
  const hasCertificate = tls.isClientVerified || tls.clientCommonName !== undefined;
  const bits = clientBits.tls | (hasCertificate ? clientBits.certificateOnConnection : 0);
  return join(
    Uint8Array.of(bits, 0, 0, 0, tls.isClientVerified ? 0 : 1),
    tls.protocol === undefined ? nothing : value(types.sslVersion, ascii(tls.protocol)),
    tls.clientCommonName === undefined
      ? nothing
      : value(types.sslCommonName, new TextEncoder().encode(tls.clientCommonName)),
    tls.cipher === undefined ? nothing : value(types.sslCipher, ascii(tls.cipher)),
  );
}

const nothing = new Uint8Array(0);

function value(type: number, bytes: Uint8Array): Uint8Array {
  return join(Uint8Array.of(type, bytes.length >> 8, bytes.length & 0xff), bytes);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
