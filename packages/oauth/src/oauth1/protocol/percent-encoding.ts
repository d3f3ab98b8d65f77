/** Text in the one form that is signed: all bytes but those of unreserved characters percent-encoded, in upper case. */
export type EncodedText = string;

/**
 * Encodes text for a signature base string, an `Authorization` field or a query.
 *
 * @see RFC 5849 section 3.6
 */
export function encodeText(text: string): EncodedText {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Brings what a peer encoded in its own way into the one form, byte by byte: two texts that differ on the wire in more than
 * their encoding differ afterwards, also where they are no UTF-8. A percent sign that encodes nothing stands for itself.
 *
 * @param plus what a plus sign stands for: a space in queries and forms, itself in a field.
 */
export function recodeText(raw: string, plus: "space" | "plus"): EncodedText {
  if (/^[\w.~-]*$/.test(raw)) return raw;
  // Runs of what is encoded already only need its letters in upper case, and what needs no encoding decoded.
  return raw.replace(/%[\dA-Fa-f]{2}|[^]?[^%]*/g, (part) => {
    if (/^%[\dA-Fa-f]{2}$/.test(part)) return recodeByte(part);
    return plus === "space" ? part.split("+").map(encodeText).join("%20") : encodeText(part);
  });
}

/** The text that was encoded; `undefined` where its bytes are no UTF-8. */
export function decodeText(encoded: EncodedText): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function recodeByte(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
}
