/** An IP address as a number. */
export interface IpNumber {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** All addresses that begin with the same bits. RFC 4632, RFC 4291 section 2.3. */
export interface IpNetwork extends IpNumber {
  readonly prefixLength: number;
}

/** Reads an IP literal without brackets or zone; `undefined` for anything else. An IPv4-mapped one is IPv4. */
export function parseIp(text: string): IpNumber | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return { bits: 32, value: four };
  const six = parseIpv6(text);
  if (six === undefined) return undefined;
  return six >> 32n === 0xffffn ? { bits: 32, value: six & 0xffffffffn } : { bits: 128, value: six };
}

/** Reads `address/length`; `undefined` for anything else. */
export function parseNetwork(text: string): IpNetwork | undefined {
  const [, literal = "", length = ""] = /^\[?([^\]/]+)\]?\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseIp(literal);
  const prefixLength = Number(length);
  return address === undefined || prefixLength > address.bits ? undefined : { ...address, prefixLength };
}

/** Whether a network holds an address. */
export function inNetwork(address: IpNumber, { bits, value, prefixLength }: IpNetwork): boolean {
  const rest = BigInt(bits - prefixLength);
  return address.bits === bits && address.value >> rest === value >> rest;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  // The URL parser knows all spellings, and has one of its own.
  const host =
    /^[\da-f:.]{2,45}$/i.test(text) && text.includes(":") ? URL.parse(`http://[${text}]/`)?.hostname : undefined;
  if (host === undefined) return undefined;
  const [head = "", tail] = host.slice(1, -1).split("::");
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0n);
  return [...left, ...zeros, ...right].reduce((value, group) => (value << 16n) | group, 0n);
}

function groups(text: string): readonly bigint[] {
  return text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));
}
