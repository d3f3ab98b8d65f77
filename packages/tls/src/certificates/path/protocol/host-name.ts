import type { GeneralName } from "./general-name.ts";

/**
 * Tells whether one of the names is for this host: an IP literal by its octets, a DNS name label by label, with a
 * wildcard only as the whole left-most label. Common names take no part.
 *
 * @see RFC 9525 section 6
 */
export function namesMatchHost(names: readonly GeneralName[], host: string): boolean {
  const address = parseIpAddress(host.replace(/%.*$/, ""));
  if (address !== undefined) {
    return names.some(
      ({ type, value }: GeneralName & { value?: unknown }) => type === "ip" && sameBytes(value, address),
    );
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
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")).map(parseGroup));
  const left = head?.flat() ?? [];
  const right = tail?.flat() ?? [];
  // A dotted end is only allowed at the very end.
  const dotted = text.lastIndexOf(".") > -1 && !/:[\d.]+$/.test(text);
  if (dotted || [...left, ...right].includes(undefined)) return undefined;
  const missing = 16 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...left, ...Array.from({ length: missing }, () => 0), ...right] as number[]);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

function parseGroup(group: string): readonly (number | undefined)[] {
  if (group.includes(".")) return [...(parseIpv4(group) ?? [undefined])];
  if (!/^[0-9a-f]{1,4}$/i.test(group)) return [undefined];
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

/** Both are normalised to lower case; the presented one may begin with a wildcard. */
function dnsNameMatches(presented: string, reference: string): boolean {
  if (dnsNameFault(presented) === "malformed") return false;
  const name = normalise(presented);
  if (!name.startsWith("*.")) return name === reference;
  const dot = reference.indexOf(".");
  return dot > 0 && reference.slice(dot) === name.slice(1);
}

function normalise(name: string): string {
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
}

function sameBytes(value: unknown, bytes: Uint8Array): boolean {
  return value instanceof Uint8Array && value.length === bytes.length && value.every((byte, i) => byte === bytes[i]);
}
