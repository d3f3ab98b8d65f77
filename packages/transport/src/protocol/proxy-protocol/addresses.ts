/** Canonical text of an IPv4 address; `undefined` for what is none. Leading zeros could be read as octal, and are none. */
export function ipv4Text(text: string): string | undefined {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text) && !/(^|\.)0\d/.test(text) ? text : undefined;
}

/** Canonical text of an IPv6 address, or of the IPv4 address in it (RFC 4291 section 2.5.5.2). RFC 5952 section 4. */
export function ipv6Text(text: string): string | undefined {
  const host = /^[\da-f:.]{2,45}$/i.test(text) ? URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) : undefined;
  if (host === undefined) return undefined;
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return host;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 0xff, second >> 8, second & 0xff].join(".");
}

/** Text of the 4 bytes of an IPv4 address, or the 16 of an IPv6 address. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, index) => {
    return (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16);
  });
  return ipv6Text(groups.join(":")) ?? "::";
}

/** The bytes of an address in canonical form, 4 or 16. */
export function addressBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split("."), Number);
  const [left = [], right] = address.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const zeros = Array.from({ length: 8 - left.length - (right?.length ?? 0) }, () => "0");
  const groups = [...left, ...(right === undefined ? [] : zeros), ...(right ?? [])].map((group) =>
    Number.parseInt(group, 16),
  );
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
