/** What a valid `Strict-Transport-Security` field says. */
export interface StrictTransportSecurity {
  /** Seconds, 0 to 2^31. */
  readonly maxAge: number;
  readonly includeSubDomains: boolean;
}

/** Larger values are clamped to this: 2^31 seconds, as RFC 9111 section 1.2.2 does for delta-seconds. */
const MAX_AGE_LIMIT_SECONDS = 2 ** 31;

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED_STRING = /"((?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*)"/y;
const WHITE_SPACE = /[ \t]*/y;
const DIGITS = /^[0-9]+$/;

/**
 * Parses one `Strict-Transport-Security` field value; `undefined` when any part of it breaks the grammar.
 *
 * A directive that occurs twice, an absent or non-numeric `max-age`, or a value on `includeSubDomains` voids the whole
 * field; unknown directives are skipped, but have to be well-formed.
 *
 * @see RFC 6797 section 6.1
 */
export function parseStrictTransportSecurity(fieldValue: string): StrictTransportSecurity | undefined {
  const directives = parseDirectives(fieldValue);
  const maxAge = directives?.get("max-age");
  if (directives === undefined || maxAge === undefined || !DIGITS.test(maxAge)) return undefined;
  if (directives.has("includesubdomains") && directives.get("includesubdomains") !== undefined) return undefined;
  return {
    maxAge: Math.min(Number(maxAge), MAX_AGE_LIMIT_SECONDS),
    includeSubDomains: directives.has("includesubdomains"),
  };
}

/** Names in lower case with their unquoted values; `undefined` on a syntax error or a repeated name. */
function parseDirectives(text: string): Map<string, string | undefined> | undefined {
  const directives = new Map<string, string | undefined>();
  let position = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };

  while (position < text.length) {
    match(WHITE_SPACE);
    const name = match(TOKEN)?.[0].toLowerCase();
    if (name !== undefined) {
      if (directives.has(name)) return undefined;
      // White space around "=" is allowed by the implied *LWS rule of RFC 2616 section 2.1, which RFC 6797 builds on.
      match(WHITE_SPACE);
      let value: string | undefined;
      if (text[position] === "=") {
        position += 1;
        match(WHITE_SPACE);
        value = match(TOKEN)?.[0] ?? match(QUOTED_STRING)?.[1]?.replaceAll(/\\(.)/gs, "$1");
        if (value === undefined) return undefined;
      }
      directives.set(name, value);
      match(WHITE_SPACE);
    }
    if (position === text.length) break;
    if (text[position] !== ";") return undefined;
    position += 1;
  }
  return directives;
}
