import { parseMediaType } from "@fairlead/http/negotiation";

/** Marks, and how the first characters of a declaration are in UTF-16 that has none. */
const SIGNATURES: readonly (readonly [label: string, octets: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
];
const UNMARKED: readonly (readonly [label: string, octets: readonly number[]])[] = [
  ["utf-16be", [0x00, 0x3c, 0x00, 0x3f]],
  ["utf-16le", [0x3c, 0x00, 0x3f, 0x00]],
];

/** Octets in which a declaration says its encoding. */
const DECLARATION_OCTETS = 256;

/**
 * The encoding of an XML document: what its byte order mark says, else its media type, else its own declaration.
 *
 * @returns a label; `undefined` where nothing says it, which is UTF-8.
 * @see RFC 7303 section 3, XML 1.0 appendix F
 */
export function xmlEncoding(octets: Uint8Array, contentType: string | undefined): string | undefined {
  const begins = ([, signature]: (typeof SIGNATURES)[number]): boolean =>
    signature.every((octet, at) => octets[at] === octet);
  const marked = SIGNATURES.find(begins)?.[0];
  if (marked !== undefined) return marked;
  const said = contentType === undefined ? undefined : parseMediaType(contentType)?.parameters.get("charset");
  return said ?? UNMARKED.find(begins)?.[0] ?? declaredEncoding(octets);
}

function declaredEncoding(octets: Uint8Array): string | undefined {
  const beginning = new TextDecoder("latin1").decode(octets.subarray(0, DECLARATION_OCTETS));
  const [, label] = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(beginning) ?? [];
  return label;
}
