/** How bytes are read as text. */
export interface BodyText {
  readonly text: string;
  /** The name of the encoding, in lower case. */
  readonly encoding: string;
}

/**
 * Reads bytes as text: in the encoding of a byte order mark, else of `charset`, else UTF-8. What is malformed becomes U+FFFD.
 *
 * @param contentType the field `Content-Type` as it came.
 */
export function readBodyText(bytes: Uint8Array<ArrayBuffer>, contentType: string): BodyText {
  const encoding = encodingOfMark(bytes) ?? charsetOf(contentType);
  const decoder = newDecoder(encoding) ?? new TextDecoder("utf-8");
  return { text: decoder.decode(bytes), encoding: decoder.encoding };
}

/** The parameter `charset` of a content type; `utf-8` where there is none. RFC 9110 section 8.3.2. */
export function charsetOf(contentType: string): string {
  return /;\s*charset\s*=\s*"?([^\s";]{1,64})/i.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
}

/** Whether bytes are likely to be text: the first of them hold no controls but those of lines. */
export function looksLikeText(bytes: Uint8Array): boolean {
  return bytes
    .subarray(0, 1_024)
    .every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x1b);
}

function encodingOfMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xff && second === 0xfe ? "utf-16le" : undefined;
}

function newDecoder(encoding: string): TextDecoder | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    // A server may name what nobody knows.
    return undefined;
  }
}
