/**
 * What stands for one host in a count: an IPv4 address, also where it came mapped into IPv6, or the first 64 bits of an
 * IPv6 address, as everybody has at least that many of them. What is no address stands for itself.
 *
 * @see RFC 4291 sections 2.2 and 2.5.5.2, RFC 6177
 */
export function hostOf(address: string): string {
  const plain = unmapped(address);
  const groups = plain.includes(":") ? groupsOf(plain) : undefined;
  if (groups === undefined) return plain;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** An IPv4 address in its own form where it is mapped into IPv6; anything else as it is. RFC 4291 section 2.5.5.2. */
export function unmapped(address: string): string {
  if (!address.includes(":")) return address;
  const groups = groupsOf(address);
  if (groups?.slice(0, 6).join() !== MAPPED) return address;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The groups that stand before a mapped IPv4 address, in decimal. */
const MAPPED = "0,0,0,0,0,65535";

/** The eight groups of an IPv6 address, whichever way it is written; `undefined` for what is none. */
function groupsOf(address: string): readonly number[] | undefined {
  const [start = "", end, more] = (address.split("%", 1)[0] ?? "").split("::");
  if (more !== undefined) return undefined;
  const head = written(start);
  const tail = written(end ?? "");
  const gap = 8 - head.length - tail.length;
  if (end === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...head, ...Array.from({ length: gap }, () => 0), ...tail];
  return groups.every((group) => group >= 0 && group <= 0xff_ff) ? groups : undefined;
}

/** Groups on one side of `::`; those that are not right are -1. The last 32 bits may be written as IPv4. */
function written(text: string): readonly number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(group)?.slice(1).map(Number);
    if (octets === undefined) return [/^[\da-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : -1];
    const [first = 0, second = 0, third = 0, fourth = 0] = octets;
    return octets.some((octet) => octet > 255) ? [-1, -1] : [first * 256 + second, third * 256 + fourth];
  });
}
