import { UsageError } from "@fairlead/core";
import type { CoapMessage, CoapOption } from "./message.ts";
import { readOption, readOptions, writeOption } from "./option-values.ts";
import { type CoapScheme, coapSchemes, isCoapScheme } from "./scheme.ts";

/** Where a request goes, and what it asks for there. RFC 7252 section 6. */
export interface CoapUri {
  readonly scheme: CoapScheme;
  /** Name in lower case, or IP literal without brackets; an IPv6 literal may have a zone, as in `fe80::1%eth0`. */
  readonly host: string;
  readonly port: number;
  /** Segments, decoded; none for the root. None is `.` or `..`. */
  readonly path: readonly string[];
  /** Arguments, decoded. */
  readonly query: readonly string[];
}

/** What a server knows of a request besides its options. */
export type CoapDestination = Pick<CoapUri, "scheme" | "host" | "port">;

/**
 * Parses an absolute URI. Characters beyond ASCII stand for themselves; dot segments are removed; a zone is written
 * `%25eth0`, as in `coap://[fe80::1%25eth0]/`.
 *
 * @throws UsageError URL_INVALID for what is none, has a fragment, or cannot be said by options; URL_SCHEME_UNKNOWN;
 * URL_USER_INFORMATION.
 *
 * @see RFC 7252 section 6.4, RFC 8323 section 8, RFC 3986
 */
export function parseCoapUri(uri: string): CoapUri {
  if (!/^(?:[!#$&-;=?-Z[\]_a-z~\u{a0}-\u{10ffff}]|%[\da-f]{2})*$/iu.test(uri) || !uri.isWellFormed()) {
    throw invalid("it has a space, or another character that must be percent-encoded");
  }
  const [, name = "", authority, path = "", query, fragment] =
    /^([a-z][a-z\d+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?$/iu.exec(uri) ?? [];
  const scheme = name.toLowerCase();
  if (scheme === "") throw invalid("it is not absolute");
  if (!isCoapScheme(scheme)) {
    const remedy = `use one of ${Object.keys(coapSchemes).join(", ")}`;
    throw new UsageError("URL_SCHEME_UNKNOWN", { detail: scheme, remedy });
  }
  if (fragment !== undefined) throw invalid("it has a fragment, which no request can say");
  const { host, port } = parseAuthority(authority ?? "", coapSchemes[scheme].defaultPort);
  return {
    ...{ scheme, host, port },
    path: path === "" || path === "/" ? [] : withoutDots(path.slice(1).split("/").map(decodeSegment)),
    query: query === undefined ? [] : query.split("&").map(decodeSegment),
  };
}

/**
 * Resolves a URI reference, such as the target of a link, against a URI.
 *
 * @throws UsageError as {@link parseCoapUri}.
 * @see RFC 3986 section 5.2
 */
export function resolveCoapUri(base: CoapUri, reference: string): CoapUri {
  if (/^[a-z][a-z\d+.-]*:/i.test(reference)) return parseCoapUri(reference);
  if (reference.startsWith("//")) return parseCoapUri(`${base.scheme}:${reference}`);
  const origin = formatOrigin(base);
  if (reference.startsWith("/")) return parseCoapUri(origin + reference);
  const { path, query } = reference === "" ? base : { path: base.path, query: [] };
  if (reference === "" || reference.startsWith("?")) {
    return parseCoapUri(formatCoapUri({ ...base, path, query }) + reference);
  }
  return parseCoapUri(origin + formatPath([...base.path.slice(0, -1), ""]) + reference);
}

/**
 * Writes a URI, its host always and its port where it is not the scheme's own.
 *
 * @throws RangeError for a path with a segment `.` or `..`, which no URI can say.
 * @see RFC 7252 section 6.5
 */
export function formatCoapUri(uri: CoapUri): string {
  return formatOrigin(uri) + formatCoapTarget(uri);
}

/**
 * Writes what a URI asks for of a server: path and query.
 *
 * @throws RangeError as {@link formatCoapUri}.
 */
export function formatCoapTarget({ path, query }: Pick<CoapUri, "path" | "query">): string {
  return formatPath(path) + (query.length === 0 ? "" : `?${query.map(encodeArgument).join("&")}`);
}

/**
 * Makes the options that say what a URI asks for: Uri-Host where the host is a name, Uri-Path, Uri-Query. Its port goes
 * without saying, as the request is sent to it.
 *
 * @throws UsageError URL_INVALID for a host, segment or argument that is too long for its option.
 * @see RFC 7252 section 6.4
 */
export function uriOptions({ host, path, query }: CoapUri): readonly CoapOption[] {
  try {
    return [
      ...(isLiteral(host) ? [] : [writeOption("uriHost", host)]),
      ...path.map((segment) => writeOption("uriPath", segment)),
      ...query.map((argument) => writeOption("uriQuery", argument)),
    ];
  } catch (cause) {
    throw invalid(cause instanceof RangeError ? cause.message : "an option cannot say it");
  }
}

/**
 * Reads what a request asks for.
 *
 * @param destination where it was sent to: what the options leave out.
 * @returns `undefined` where the options make no URI: with a segment `.` or `..`, or a host that is none.
 * @see RFC 7252 section 6.5
 */
export function readCoapUri(request: Pick<CoapMessage, "options">, destination: CoapDestination): CoapUri | undefined {
  const path = readOptions(request, "uriPath");
  const host = readHost(readOption(request, "uriHost") ?? destination.host);
  if (host === undefined || path.some(isDots)) return undefined;
  const port = readOption(request, "uriPort") ?? destination.port;
  return { scheme: destination.scheme, host, port, path, query: readOptions(request, "uriQuery") };
}

function parseAuthority(authority: string, defaultPort: number): Pick<CoapUri, "host" | "port"> {
  if (authority.includes("@")) {
    const remedy = "take it out of the URL, and prove who you are by a key or a certificate";
    throw new UsageError("URL_USER_INFORMATION", { remedy });
  }
  const [, written = "", digits = ""] = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d*))?$/u.exec(authority) ?? [];
  const host = readHost(written.startsWith("[") ? written.replace("%25", "%") : decodeSegment(written));
  const port = digits === "" ? defaultPort : Number(digits);
  if (host === undefined) throw invalid("it names no host");
  if (port < 1 || port > 65_535) throw invalid("its port is none");
  return { host, port };
}

/** A host as URIs and Uri-Host have it: of an IPv6 literal without the brackets, and in its shortest form. */
function readHost(host: string): string | undefined {
  const [, bracketed] = /^\[(.*)\]$/s.exec(host) ?? [];
  const literal = bracketed ?? (host.includes(":") ? host : undefined);
  if (literal === undefined) return isName.test(host) ? host.toLowerCase() : undefined;
  const [, address = "", zone = ""] = /^([\da-f:.]+)(%[\w.~-]+)?$/i.exec(literal) ?? [];
  const hostname = URL.parse(`http://[${address}]/`)?.hostname;
  return hostname === undefined ? undefined : hostname.slice(1, -1) + zone;
}

function formatOrigin({ scheme, host, port }: CoapUri): string {
  const written = host.includes(":") ? `[${host.replace("%", "%25")}]` : encodeURIComponent(host);
  return `${scheme}://${written}${port === coapSchemes[scheme].defaultPort ? "" : `:${port}`}`;
}

function formatPath(path: readonly string[]): string {
  if (path.some(isDots)) throw new RangeError("a URI has no segment . or ..");
  return `/${path.map(encodeSegment).join("/")}`;
}

/** As RFC 3986 section 5.2.4; of decoded segments, since `%2E` is a dot (section 6.2.2.2). */
function withoutDots(segments: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    if (segment === "..") kept.pop();
    if (!isDots(segment)) kept.push(segment);
    else if (index === segments.length - 1) kept.push("");
  }
  return kept.length === 1 && kept[0] === "" ? [] : kept;
}

function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}

function decodeSegment(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw invalid("its percent-encoding is not that of UTF-8");
  }
}

/** Leaves `pchar` of RFC 3986 as it is. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}

/** Leaves what RFC 7252 section 6.5 step 7 does: `pchar`, slash and question mark, but no ampersand. */
function encodeArgument(argument: string): string {
  return encodeURIComponent(argument).replaceAll(/%(?:24|2B|2C|2F|3A|3B|3D|3F|40)/g, decodeURIComponent);
}

function isLiteral(host: string): boolean {
  return host.includes(":") || isIpv4.test(host);
}

function invalid(detail: string): UsageError {
  return new UsageError("URL_INVALID", { detail, remedy: "give an absolute URL such as coap://host/path" });
}

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const isIpv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
/** No delimiter of a URI, nothing that is not seen, and no percent sign, which would be one encoded twice. */
const isName = /^[^\p{C}\p{Z}"#%/:<>?@[\\\]^`{|}]+$/u;
