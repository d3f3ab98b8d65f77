/** Another server that speaks for an origin. */
export interface AlternativeService {
  /** The protocol by its ALPN name: `h2`, `h3`. */
  readonly protocol: string;
  /** Without brackets; empty for the origin's own host. */
  readonly host: string;
  readonly port: number;
  /** Seconds that it may be used from when the field was generated, 0 to 2^31. */
  readonly maxAge: number;
  /** Whether it holds on another network, too. */
  readonly persist: boolean;
}

/** What an `Alt-Svc` field says; those that come first are liked best. */
export type AltSvcField =
  /** All alternatives that are known are void. */
  { readonly type: "clear" } | { readonly type: "alternatives"; readonly alternatives: readonly AlternativeService[] };

/** RFC 7838 section 3.1: 24 hours. */
const DEFAULT_MAX_AGE_SECONDS = 86_400;
/** Larger values are clamped to this, as RFC 9111 section 1.2.2 does for delta-seconds. */
const MAX_AGE_LIMIT_SECONDS = 2 ** 31;
/** Alternatives of one response that are looked at. */
const ALTERNATIVES_LIMIT = 16;

const SEPARATORS = /[\t ]*,[\t ,]*/y;
const WHITE_SPACE = /[\t ,]*/y;
const PARAMETER = /[\t ]*;[\t ]*([!#$%&'*+\-.^_`|~\w]+)=([!#$%&'*+\-.^_`|~\w]+|"(?:[^"\\]|\\.)*")/y;
const ALTERNATIVE = /([!#$%&'*+\-.^_`|~\w]+)="((?:[^"\\]|\\.)*)"/y;
const AUTHORITY = /^(\[[\da-f:.]+\]|[\w\-.~%]*):(\d{1,5})$/i;

/**
 * Parses all lines of `Alt-Svc`; `undefined` when any part breaks the grammar, since a field that is read by halves may
 * lead to a server that was not meant. An alternative that nobody could connect to is skipped.
 *
 * @see RFC 7838 section 3
 */
export function parseAltSvc(fieldValues: readonly string[]): AltSvcField | undefined {
  const text = fieldValues.join(", ");
  if (text.trim() === "clear") return { type: "clear" };
  const alternatives: AlternativeService[] = [];
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };

  match(WHITE_SPACE);
  for (let count = 0; position < text.length && count < ALTERNATIVES_LIMIT; count += 1) {
    const [, protocol = "", authority] = match(ALTERNATIVE) ?? [];
    if (authority === undefined) return undefined;
    const parameters = new Map<string, string>();
    for (let found = match(PARAMETER); found !== null; found = match(PARAMETER)) {
      const [, name = "", value = ""] = found;
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), unquote(value));
    }
    const place = parseAuthority(unescape(authority));
    const name = decodeProtocol(protocol);
    const maxAge = parameters.get("ma");
    if (maxAge !== undefined && !/^\d+$/.test(maxAge)) return undefined;
    if (place !== undefined && name !== undefined) {
      alternatives.push({
        protocol: name,
        ...place,
        maxAge: maxAge === undefined ? DEFAULT_MAX_AGE_SECONDS : Math.min(Number(maxAge), MAX_AGE_LIMIT_SECONDS),
        // Any other value means nothing. RFC 7838 section 3.1.
        persist: parameters.get("persist") === "1",
      });
    }
    if (position < text.length && match(SEPARATORS) === null && !isBlank(text.slice(position))) return undefined;
  }
  return alternatives.length === 0 ? undefined : { type: "alternatives", alternatives };
}

function parseAuthority(text: string): Pick<AlternativeService, "host" | "port"> | undefined {
  const [, host = "", digits = ""] = AUTHORITY.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port < 1 || port > 65_535) return undefined;
  if (host === "") return { host, port };
  // The URL parser knows what a host is, and has one spelling of each.
  const url = URL.parse(`https://${host}/`);
  return url === null || url.hostname === "" ? undefined : { host: url.hostname.replace(/^\[|\]$/g, ""), port };
}

/** ALPN names are bytes, those that no token can hold escaped. RFC 7838 section 3. */
function decodeProtocol(token: string): string | undefined {
  try {
    return decodeURIComponent(token);
  } catch {
    return undefined;
  }
}

function unquote(value: string): string {
  return value.startsWith('"') ? unescape(value.slice(1, -1)) : value;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, "$1");
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
