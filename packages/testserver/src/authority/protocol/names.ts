import { bigEndian, concat, type Der, element, ia5Bytes, implicit, oid, sequence, set, utf8String } from "./der.ts";

/** A name of a certificate's subject. A plain string is an IP literal, or else a host name or wildcard. */
export type SubjectName =
  | string
  /** Host name as it is, whatever it is: an IP literal stays text. */
  | { readonly dns: string }
  /** IP literal. */
  | { readonly ip: string }
  | { readonly uri: string }
  | { readonly mail: string };

/** A Name of one attribute, the common name; of none where that is empty. RFC 5280 section 4.1.2.4. */
export function distinguishedName(commonName: string): Der {
  return commonName === "" ? sequence() : sequence(set(sequence(oid("2.5.4.3"), utf8String(commonName))));
}

/** GeneralName. RFC 5280 section 4.2.1.6. */
export function generalName(name: SubjectName): Der {
  if (typeof name === "string") {
    const address = ipOctets(name);
    return address === undefined ? implicit(2, ia5Bytes(name)) : implicit(7, address);
  }
  if ("dns" in name) return implicit(2, ia5Bytes(name.dns));
  if ("uri" in name) return implicit(6, ia5Bytes(name.uri));
  if ("mail" in name) return implicit(1, ia5Bytes(name.mail));
  return implicit(7, ipOctets(name.ip) ?? ia5Bytes(name.ip));
}

/**
 * GeneralSubtree: a host name and all below it, or with `10.0.0.0/8` the addresses of a network. RFC 5280 section
 * 4.2.1.10.
 */
export function generalSubtree(base: string): Der {
  const [address = "", prefixLength] = base.split("/");
  const octets = prefixLength === undefined ? undefined : ipOctets(address);
  if (octets === undefined) return sequence(implicit(2, ia5Bytes(base)));
  const ones = Number(prefixLength);
  const mask = octets.map((_, index) => 0xff00 >> Math.min(8, Math.max(0, ones - 8 * index)));
  return sequence(implicit(7, octets, mask));
}

/** A Name that is put together by hand, for attributes that are not common names. */
export function attribute(type: string, stringTag: number, text: string): Der {
  return set(sequence(oid(type), element(stringTag, ia5Bytes(text))));
}

/** The octets of an IP literal; `undefined` for anything else. */
function ipOctets(text: string): Der | undefined {
  if (/^\d+(?:\.\d+){3}$/.test(text)) {
    const octets = text.split(".").map(Number);
    return octets.some((octet) => octet > 255) ? undefined : Uint8Array.from(octets);
  }
  // The URL parser knows every spelling, and writes eight groups but for one run of zeros.
  const host = text.includes(":") ? URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) : undefined;
  if (host === undefined) return undefined;
  const [before = [], after = []] = host.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const groups = [...before, ...zeros, ...after].map((group) => BigInt(`0x${group}`));
  const value = groups.reduce((sum, group) => (sum << 16n) | group, 0n);
  const bytes = bigEndian(value);
  return concat(new Uint8Array(16 - bytes.length), bytes);
}
