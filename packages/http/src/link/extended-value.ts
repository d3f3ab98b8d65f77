/**
 * Reads a parameter's value that names its encoding and language: `UTF-8'de'f%C3%BCr`. `undefined` for what is none, or is
 * in another encoding than the one that senders must use.
 *
 * @see RFC 8187 section 3.2
 */
export function decodeExtendedValue(value: string): string | undefined {
  const [, encoded] = /^utf-8'[A-Za-z0-9-]*'((?:[!#$&+\-.^_`|~0-9A-Za-z]|%[\da-f]{2})*)$/i.exec(value) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Writes text in that form. */
export function encodeExtendedValue(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return `UTF-8''${encoded.replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}
