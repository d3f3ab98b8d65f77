/** One element of DER: its identifier octet and its contents. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Identifier, length and contents. */
  readonly raw: Uint8Array;
}

/**
 * Splits bytes into the elements that they consist of; `undefined` unless they are DER from the first byte to the last.
 * Only what sessions use: one-octet tags and lengths below 2^32.
 *
 * @see ITU-T X.690 sections 8.1 and 10.1
 */
export function parseDer(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const header = parseHeader(bytes, offset);
    if (header === undefined || header.contentStart + header.length > bytes.length) return undefined;
    const end = header.contentStart + header.length;
    elements.push({
      tag: header.tag,
      content: bytes.subarray(header.contentStart, end),
      raw: bytes.subarray(offset, end),
    });
    offset = end;
  }
  return elements;
}

/** Reads the contents of an INTEGER that is not negative; `undefined` for any other, and from 2^53 on. */
export function parseUnsigned(content: Uint8Array): number | undefined {
  const [first] = content;
  if (first === undefined || first >= 0x80 || content.length > 8) return undefined;
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseHeader(
  bytes: Uint8Array,
  offset: number,
): { readonly tag: number; readonly length: number; readonly contentStart: number } | undefined {
  const tag = bytes[offset];
  const short = bytes[offset + 1];
  // Tag number 31 announces a tag of several octets.
  if (tag === undefined || short === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (short < 0x80) return { tag, length: short, contentStart: offset + 2 };
  const octets = bytes.subarray(offset + 2, offset + 2 + (short & 0x7f));
  const [first] = octets;
  // DER has one form for each length: the shortest; an indefinite one has no octets.
  if (octets.length !== (short & 0x7f) || octets.length > 4 || first === undefined || first === 0) return undefined;
  const length = octets.reduce((sum, byte) => sum * 256 + byte, 0);
  return length < 0x80 ? undefined : { tag, length, contentStart: offset + 2 + octets.length };
}
