/** An address in a SOCKS message: a name, or the text of an IP address. */
export interface SocksAddress {
  readonly host: string;
  readonly port: number;
}

/** Kinds of addresses. RFC 1928 section 5. */
export const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** What a reply says. RFC 1928 section 6. */
export const replies = {
  succeeded: 0,
  failure: 1,
  notAllowed: 2,
  hostUnreachable: 4,
  refused: 5,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;

/**
 * Formats a message of SOCKS 5 that holds an address: a reply, with its code, or the head of a datagram.
 *
 * @param first the bytes before the type of address: version, reply, reserved; or those of a datagram.
 */
export function formatSocks5(first: readonly number[], { host, port }: SocksAddress): Uint8Array {
  const ports = [port >> 8, port & 0xff];
  const ipv4 = parseIpv4(host);
  if (ipv4 !== undefined) return Uint8Array.of(...first, addressTypes.ipv4, ...ipv4, ...ports);
  const ipv6 = host.includes(":") ? parseIpv6(host) : undefined;
  if (ipv6 !== undefined) return Uint8Array.of(...first, addressTypes.ipv6, ...ipv6, ...ports);
  const name = new TextEncoder().encode(host).subarray(0, 255);
  return Uint8Array.of(...first, addressTypes.name, name.length, ...name, ...ports);
}

/** Formats a reply of SOCKS 4, with no address. */
export function formatSocks4(reply: number, version = 0): Uint8Array {
  return Uint8Array.of(version, reply, 0, 0, 0, 0, 0, 0);
}

/** How many bytes an address has, without its port; `undefined` for an unknown type. */
export function addressLength(type: number, firstByte: number): number | undefined {
  if (type === addressTypes.ipv4) return 4;
  if (type === addressTypes.ipv6) return 16;
  return type === addressTypes.name ? 1 + firstByte : undefined;
}

/** Reads an address of this type, whose bytes are all there. */
export function readAddress(type: number, bytes: Uint8Array): string {
  if (type === addressTypes.ipv4) return bytes.join(".");
  if (type === addressTypes.name) return latin1(bytes.subarray(1));
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0));
  const text = groups.map((group) => group.toString(16)).join(":");
  // The only one that proxies of the network go to has its own short form.
  return text === "0:0:0:0:0:0:0:1" ? "::1" : text;
}

/** A datagram that a client sends by way of a proxy. */
export interface SocksDatagram extends SocksAddress {
  readonly content: Uint8Array;
}

/** Reads a datagram; `undefined` for a fragment and for what is none. RFC 1928 section 7. */
export function readDatagram(bytes: Uint8Array): SocksDatagram | undefined {
  const [reserved1, reserved2, fragment, type = 0, first = 0] = bytes;
  const length = addressLength(type, first);
  if (reserved1 !== 0 || reserved2 !== 0 || fragment !== 0 || length === undefined) return undefined;
  const end = 4 + length;
  const high = bytes[end];
  const low = bytes[end + 1];
  if (high === undefined || low === undefined) return undefined;
  return {
    host: readAddress(type, bytes.subarray(4, end)),
    port: (high << 8) | low,
    content: bytes.subarray(end + 2),
  };
}

/** The bytes as characters. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function parseIpv4(text: string): readonly number[] | undefined {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.split(".").map(Number) : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const [head = "", tail] = text.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const before = groups(head);
  const behind = tail === undefined ? [] : groups(tail);
  const all = [...before, ...Array.from({ length: 8 - before.length - behind.length }, () => 0), ...behind];
  const areGroups = all.length === 8 && all.every((group) => group >= 0 && group <= 0xffff);
  return areGroups ? all.flatMap((group) => [group >> 8, group & 0xff]) : undefined;
}
