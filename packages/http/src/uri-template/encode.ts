/** Encodes all but the unreserved characters. A surrogate without its other half becomes U+FFFD. RFC 3986 section 2.3. */
export function encodeUnreserved(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Encodes all but unreserved and reserved characters; what is percent-encoded already stays. RFC 6570 section 1.5. */
export function encodeReserved(text: string): string {
  return text
    .toWellFormed()
    .split(/(%[\da-f]{2})/i)
    .map((piece, index) => (index % 2 === 1 ? piece : encodeURI(piece).replace(/%5B/g, "[").replace(/%5D/g, "]")))
    .join("");
}
