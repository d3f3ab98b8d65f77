import { parseIp } from "../proxies/ip-network.ts";

/** Somebody on the way of a request. RFC 7239 section 6. */
export type ForwardedNode =
  | { readonly type: "address"; readonly address: string; readonly port: number | undefined }
  | { readonly type: "unknown" }
  /** A name that says nothing to others; it begins with an underscore. */
  | { readonly type: "obfuscated"; readonly name: string };

/**
 * Parses a node: an IPv4 address, or an IPv6 address in brackets, with or without a port; `unknown`; or an obfuscated
 * identifier. The older fields have IPv6 addresses without brackets, which are taken as well.
 *
 * @returns addresses in their canonical form, IPv4 also where it was mapped; `undefined` for what is none of these.
 * @see RFC 7239 section 6
 */
export function parseNode(text: string): ForwardedNode | undefined {
  if (/^unknown(?::\w+)?$/i.test(text)) return { type: "unknown" };
  const [, name] = /^(_[\w.-]+)(?::(?:\d{1,5}|_[\w.-]+))?$/.exec(text) ?? [];
  if (name !== undefined) return { type: "obfuscated", name };
  const [, bracketed, plain = text, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}|_[\w.-]+))?$/.exec(text) ?? [];
  const address = canonical(bracketed ?? plain, bracketed !== undefined);
  if (address === undefined || Number(port) > 65_535) return undefined;
  return { type: "address", address, port: port === undefined || port.startsWith("_") ? undefined : Number(port) };
}

function canonical(text: string, isBracketed: boolean): string | undefined {
  const ip = parseIp(text);
  if (ip === undefined || (isBracketed && !text.includes(":"))) return undefined;
  if (ip.bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((ip.value >> shift) & 0xffn)).join(".");
  return URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
}
