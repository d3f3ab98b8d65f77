import type { SameSiteFlag } from "./cookie.ts";
import { parseCookieDate } from "./cookie-date.ts";

/** What a `Set-Cookie` field value says, before anybody has asked whether it may. */
export interface SetCookie {
  /** Empty for a nameless cookie. */
  readonly name: string;
  readonly value: string;
  /** Seconds from now, as given: it may be negative or infinite. */
  readonly maxAge: number | undefined;
  /** Milliseconds since the epoch, as given. */
  readonly expires: number | undefined;
  /** In lower case without its leading dot. Empty when the attribute is absent or empty. */
  readonly domain: string;
  /** Begins with a slash; empty where a `Path` attribute asks for the default path; `undefined` without the attribute. */
  readonly path: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSiteFlag;
}

/** A parsed field value, or why it is ignored. */
export type SetCookieParse =
  | { readonly type: "cookie"; readonly cookie: SetCookie }
  | { readonly type: "ignore"; readonly reason: "control-character" | "not-octets" | "too-long" };

/**
 * Parses the value of one `Set-Cookie` field. Field lines are not joined: a comma may stand in a date.
 *
 * Of a repeated attribute the last valid one counts. Unknown attributes are skipped.
 *
 * @param fieldValue one character for each octet.
 * @see 6265bis section 5.6
 */
export function parseSetCookie(fieldValue: string): SetCookieParse {
  const fault = findFault(fieldValue);
  if (fault !== undefined) return { type: "ignore", reason: fault };
  const [pair, attributes] = splitAt(fieldValue, ";");
  const equals = pair.indexOf("=");
  const name = equals === -1 ? "" : trimWhitespace(pair.slice(0, equals));
  const value = trimWhitespace(pair.slice(equals + 1));
  if (name.length + value.length > maxNameAndValueOctets) return { type: "ignore", reason: "too-long" };
  return { type: "cookie", cookie: { name, value, ...parseAttributes(attributes) } };
}

/** Longest name and value together, in octets. */
export const maxNameAndValueOctets = 4096;
const maxAttributeValueOctets = 1024;

/** Finds what voids a whole field value: section 5.6 step 1, and characters that are no octets. */
export function findFault(text: string): "control-character" | "not-octets" | undefined {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return "control-character";
    if (code > 0xff) return "not-octets";
  }
  return undefined;
}

type Attributes = Omit<SetCookie, "name" | "value">;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function parseAttributes(unparsed: string): Attributes {
  const found: Mutable<Attributes> = {
    maxAge: undefined,
    expires: undefined,
    domain: "",
    path: undefined,
    secure: false,
    httpOnly: false,
    sameSite: "Default",
  };
  let rest = unparsed;
  while (rest !== "") {
    const [attribute, remainder] = splitAt(rest, ";");
    rest = remainder;
    const [name, value] = splitAt(attribute, "=");
    takeAttribute(found, trimWhitespace(name).toLowerCase(), trimWhitespace(value));
  }
  return found;
}

function takeAttribute(found: Mutable<Attributes>, name: string, value: string): void {
  if (value.length > maxAttributeValueOctets) return;
  switch (name) {
    case "expires": // section 5.6.1
      found.expires = parseCookieDate(value) ?? found.expires;
      break;
    case "max-age": // section 5.6.2
      if (/^-?\d+$/.test(value)) found.maxAge = Number(value);
      break;
    case "domain": // section 5.6.3
      found.domain = (value.startsWith(".") ? value.slice(1) : value).toLowerCase();
      break;
    case "path": // section 5.6.4
      found.path = value.startsWith("/") ? value : "";
      break;
    case "secure": // section 5.6.5
      found.secure = true;
      break;
    case "httponly": // section 5.6.6
      found.httpOnly = true;
      break;
    case "samesite": // section 5.6.7: a value that is not known voids an earlier one
      found.sameSite = sameSiteFlags.get(value.toLowerCase()) ?? "Default";
      break;
    default:
  }
}

const sameSiteFlags: ReadonlyMap<string, SameSiteFlag> = new Map([
  ["strict", "Strict"],
  ["lax", "Lax"],
  ["none", "None"],
]);

/** Splits at the first separator, which goes; the second part is empty without one. */
function splitAt(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

/** Removes WSP (RFC 5234 appendix B.1), spaces and tabs only, from both ends: `trim()` would take U+00A0 too. */
function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
