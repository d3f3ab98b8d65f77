import { UsageError } from "@fairlead/core";
import {
  encodeUnreserved,
  expandExpression,
  parseUriTemplate,
  type TemplateScalar,
  type TemplateValues,
  type UriTemplate,
} from "@fairlead/http/uri-template";

/** What relative addresses are resolved against. */
export interface Base {
  readonly origin: string;
  readonly host: string;
  /** As it was given. */
  readonly href: string;
  /** With a slash at its end. */
  readonly directory: string;
}

/** Where a call goes. */
export interface Address {
  readonly url: string;
  readonly origin: string;
  readonly host: string;
}

/**
 * Reads the base of a client.
 *
 * @throws UsageError OPTION_INVALID for what is no URL, and for one with a query or a fragment, which would get lost.
 */
export function parseBase(base: string | URL): Base {
  const url = URL.parse(String(base));
  // `localhost:8080` is a URL, too, of a scheme `localhost`.
  if (url === null || !WHOLE.test(url.href)) {
    throw new UsageError("OPTION_INVALID", { detail: "base", remedy: "give a whole URL, as https://api.example/v1/" });
  }
  const { origin, host, href } = url;
  if (/[?#]/.test(href)) {
    const remedy = "leave out query and fragment: addresses have their own";
    throw new UsageError("OPTION_INVALID", { detail: "base", remedy });
  }
  return { origin, host, href, directory: href.endsWith("/") ? href : `${href}/` };
}

/**
 * Finds where a call goes. An address with a scheme and an authority is whole, every other is relative: below the base, or
 * from the root of its origin where it begins with a slash. Templates are expanded.
 *
 * A relative address stays where it says, whatever values are in it: it has no dot segments and names no other origin, and
 * a simple expression within its path does not vanish, as `users/{id}` would be all users then.
 *
 * @throws UsageError URL_INVALID, URL_TEMPLATE_INVALID, URL_OUTSIDE_BASE, OPTION_INVALID
 */
export function resolveAddress(base: Base | undefined, address: string | URL, values: TemplateValues = {}): Address {
  if (typeof address !== "string") return wholeAddress(address.href);
  const template = address.includes("{") ? parseUriTemplate(address) : undefined;
  if (template === undefined && Object.keys(values).length > 0) {
    const remedy = "write {name} in the address where each of them belongs; what is to be in the query goes as query";
    throw new UsageError("OPTION_INVALID", { detail: "params", remedy });
  }
  if (WHOLE.test(address)) return wholeAddress(template === undefined ? address : expandWhole(template, values));
  if (base === undefined) {
    throw new UsageError("URL_INVALID", { operation: "request", remedy: "give a whole URL, or the client a base" });
  }
  const relative = template === undefined ? address : expandRelative(template, values);
  requireWithin(base, relative);
  return { url: join(base, relative), origin: base.origin, host: base.host };
}

/** Adds names and values to the query of a URL. */
export function withQuery(
  url: string,
  query: Readonly<Record<string, TemplateScalar | readonly TemplateScalar[]>>,
): string {
  if (Symbol.iterator in Object(query)) throw wrongQuery("query", "give an object, as { name: value }");
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as readonly TemplateScalar[]) : [value as TemplateScalar]) {
      if (one === undefined || one === null) continue;
      if (typeof (one as unknown) === "object")
        throw wrongQuery(`query.${name}`, "give text, a number, or a list of them");
      pairs.push(`${encodeUnreserved(name)}=${encodeUnreserved(String(one))}`);
    }
  }
  if (pairs.length === 0) return url;
  const hash = url.indexOf("#");
  const [before, fragment] = hash === -1 ? [url, ""] : [url.slice(0, hash), url.slice(hash)];
  const question = before.indexOf("?");
  const separator = question === -1 ? "?" : question === before.length - 1 ? "" : "&";
  return before + separator + pairs.join("&") + fragment;
}

function wrongQuery(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}

const WHOLE = /^[a-z][a-z\d+.-]*:\/\//i;

function wholeAddress(text: string): Address {
  const url = URL.parse(text);
  if (url === null) throw new UsageError("URL_INVALID", { operation: "request" });
  return { url: url.href, origin: url.origin, host: url.host };
}

/** Where the authority of a template ends is the template's to say, not a value's. */
function expandWhole({ parts }: UriTemplate, values: TemplateValues): string {
  let expanded = "";
  let isOpen = true;
  for (const part of parts) {
    if (typeof part === "string") {
      if (isOpen) isOpen = !/[/?#\\]/.test(expanded === "" ? part.replace(WHOLE, "") : part);
      expanded += part;
      continue;
    }
    if (isOpen && part.operator === "+") {
      throw new UsageError("URL_TEMPLATE_INVALID", { detail: "reserved expansion within the name of a host" });
    }
    expanded += expandExpression(part, values);
  }
  return expanded;
}

function expandRelative({ parts }: UriTemplate, values: TemplateValues): string {
  let expanded = "";
  for (const part of parts) {
    if (typeof part === "string") {
      expanded += part;
      continue;
    }
    const value = expandExpression(part, values);
    if (value === "" && part.operator === "" && !/[?#]/.test(expanded)) {
      const names = part.variables.map(({ name }) => `params.${name}`).join(", ");
      throw new UsageError("OPTION_INVALID", { detail: names, remedy: "give what the path needs" });
    }
    expanded += value;
  }
  return expanded;
}

/** In each form that the parser of URLs takes them. URL Standard section 4.4. */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

function requireWithin({ host }: Base, relative: string): void {
  const [path = ""] = relative.split(/[?#]/, 1);
  const fault = relative.startsWith("//")
    ? "it begins with two slashes"
    : WHOLE.test(relative)
      ? "a value in it names an origin"
      : DOT_SEGMENT.test(path)
        ? "it has dot segments"
        : // The parser of URLs takes the one for a slash, and leaves out others.
          path.includes("\\") || /[\0-\x1f\x7f]/.test(relative)
          ? "it has a character that does not belong there"
          : undefined;
  if (fault !== undefined)
    throw new UsageError("URL_OUTSIDE_BASE", { operation: "request", peer: host, detail: fault });
}

function join({ origin, href, directory }: Base, relative: string): string {
  if (relative.startsWith("/")) return origin + relative;
  // What has no path of its own is of the base itself. RFC 3986 section 5.2.2.
  return (relative === "" || relative.startsWith("?") || relative.startsWith("#") ? href : directory) + relative;
}
