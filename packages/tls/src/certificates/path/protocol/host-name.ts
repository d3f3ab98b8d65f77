import { hex } from "./der-node.ts";
import type { GeneralName } from "./general-name.ts";

/**
 * Tells whether one of the names is for this host: an IP literal by its octets, a DNS name label by label, with a
 * wildcard only as the whole left-most label, and never for all of a top-level domain: OpenSSL and GnuTLS refuse that.
 * Common names take no part.
 *
 * @see RFC 9525 section 6
 */
export function namesMatchHost(names: readonly GeneralName[], host: string): boolean {
  const address = parseIpAddress(host.replace(/%.*$/, ""));
  if (address !== undefined) {
    return names.some((name) => name.type === "ip" && hex(name.value) === hex(address));
  }
  const reference = normalise(host);
  if (dnsNameFault(reference) === "malformed" || reference.startsWith("*")) return false;
  return names.some((name) => name.type === "dns" && dnsNameMatches(name.value, reference));
}

/**
 * Says what is wrong with a DNS name in a certificate. `not-preferred`: it can be compared, but has an underscore or
 * a numeric last label, which RFC 5280 section 4.2.1.6 does not allow. A leading `*.` is none.
 */
export function dnsNameFault(name: string): "malformed" | "not-preferred" | undefined {
  const plain = name.startsWith("*.") ? name.slice(2) : name;
  const labels = plain.split(".");
  if (plain.length > 253 || !labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))) {
    return "malformed";
  }
  return plain.includes("_") || /^\d+$/.test(labels.at(-1) ?? "") ? "not-preferred" : undefined;
}

/** Parses an IPv4 or IPv6 literal, without brackets and zone, to its 4 or 16 octets. RFC 3986 section 3.2.2. */
export function parseIpAddress(text: string): Uint8Array | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const [head, tail, more] = text.split("::");
  const left = parseGroups(head ?? "", tail === undefined);
  const right = tail === undefined ? [] : parseGroups(tail, true);
  if (left === undefined || right === undefined || more !== undefined) return undefined;
  const missing = 16 - left.length - right.length;
  // "::" stands for at least one group.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...left, ...Array.from({ length: missing }, () => 0), ...right]);
}

/** Writes 4 or 16 octets as an address in the form of RFC 5952. */
export function formatIpAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((address[2 * index] ?? 0) << 8) | (address[2 * index + 1] ?? 0)).toString(16),
  );
  // RFC 5952 section 4.2: the longest run of at least two zeros, and of equal ones the first.
  for (let length = 8; length >= 2; length--) {
    for (let start = 0; start + length <= 8; start++) {
      if (!groups.slice(start, start + length).every((group) => group === "0")) continue;
      return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
    }
  }
  return groups.join(":");
}

/** Octets of groups between colons, of which the last may be an IPv4 address where the literal ends. */
function parseGroups(text: string, last: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const dotted = last ? parseIpv4(groups.at(-1) ?? "") : undefined;
  const plain = dotted === undefined ? groups : groups.slice(0, -1);
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const octets = plain.map((group) => Number.parseInt(group, 16)).flatMap((value) => [value >> 8, value & 0xff]);
  return [...octets, ...(dotted ?? [])];
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

/** Both are normalised to lower case; the presented one may begin with a wildcard. */
function dnsNameMatches(presented: string, reference: string): boolean {
  if (dnsNameFault(presented) === "malformed") return false;
  const name = normalise(presented);
  if (!name.startsWith("*.")) return name === reference;
  const dot = reference.indexOf(".");
  return dot > 0 && reference.includes(".", dot + 1) && reference.slice(dot) === name.slice(1);
}

function normalise(name: string): string {
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
}
