import { UsageError } from "@fairlead/core";
import type { CoapMessage, CoapOption } from "../message.ts";
import { coapOptions } from "../option-table.ts";
import { readOption, writeOption } from "../option-values.ts";
import { coapSchemes, isCoapScheme } from "../scheme.ts";
import { type CoapUri, formatCoapUri, parseCoapUri, readCoapUri, uriOptions } from "../uri.ts";

/** Which server a request is for. */
export type ProxyTarget =
  /** Whoever has received it: it asks for no proxy. */
  | { readonly type: "self" }
  | { readonly type: "coap"; readonly uri: CoapUri }
  /** `url` as `URL` parses it; without user information. */
  | { readonly type: "http"; readonly url: string }
  /** What no proxy here goes to. */
  | { readonly type: "unknown-scheme" }
  /** None: its options make no URI. */
  | { readonly type: "invalid" };

/**
 * Reads which server a request is for. Proxy-Uri takes precedence over all the others.
 *
 * @see RFC 7252 sections 5.7.2 and 5.10.2
 */
export function readProxyTarget(request: Pick<CoapMessage, "options">): ProxyTarget {
  const asksProxy = request.options.some(({ number }) => number === proxyUri || number === proxyScheme);
  if (!asksProxy) return { type: "self" };
  const uri = readOption(request, "proxyUri");
  if (uri !== undefined) return targetOf(uri);
  const scheme = readOption(request, "proxyScheme")?.toLowerCase();
  // Of one of the two that is there nothing can be read.
  if (scheme === undefined || request.options.some(({ number }) => number === proxyUri)) return { type: "invalid" };
  // The default ports are those of HTTP; a URI is then written as HTTP has it.
  const like = scheme === "http" ? "coap+ws" : scheme === "https" ? "coaps+ws" : scheme;
  if (!isCoapScheme(like)) return { type: "unknown-scheme" };
  const destination = { scheme: like, host: "", port: coapSchemes[like].defaultPort };
  const read = readOption(request, "uriHost") === undefined ? undefined : readCoapUri(request, destination);
  if (read === undefined || read.port === 0) return { type: "invalid" };
  return like === scheme ? { type: "coap", uri: read } : httpTarget(scheme + formatCoapUri(read).slice(like.length));
}

/**
 * Makes the options by which a proxy is asked for a URI, in the form that fits into any proxy's limits.
 *
 * @throws UsageError URL_INVALID for what is too long for its option, and for a zone, which means nothing elsewhere.
 * @see RFC 7252 section 5.10.2
 */
export function proxySchemeOptions(uri: CoapUri): readonly CoapOption[] {
  const { scheme, host, port } = uri;
  if (host.includes("%"))
    throw new UsageError("URL_INVALID", { detail: "it has a zone", remedy: "ask without a proxy" });
  const others = uriOptions(uri).filter(({ number }) => number !== coapOptions.uriHost.number);
  const name = host.includes(":") ? `[${host}]` : host;
  return [
    writeOption("uriHost", name),
    ...(port === coapSchemes[scheme].defaultPort ? [] : [writeOption("uriPort", port)]),
    ...others,
    writeOption("proxyScheme", scheme),
  ];
}

function targetOf(uri: string): ProxyTarget {
  const [, name = ""] = /^([a-z][a-z\d+.-]*):/i.exec(uri) ?? [];
  const scheme = name.toLowerCase();
  if (scheme === "") return { type: "invalid" };
  if (scheme === "http" || scheme === "https") return httpTarget(uri);
  if (!isCoapScheme(scheme)) return { type: "unknown-scheme" };
  try {
    return { type: "coap", uri: parseCoapUri(uri) };
  } catch (error) {
    if (error instanceof UsageError) return { type: "invalid" };
    throw error;
  }
}

function httpTarget(uri: string): ProxyTarget {
  // What a URL parser would pass over, or take for something else, is none.
  if (!/^https?:\/\/[^/?#@\\\s]+(?:[/?][^#\s\\]*)?$/i.test(uri)) return { type: "invalid" };
  const url = URL.parse(uri);
  return url === null ? { type: "invalid" } : { type: "http", url: url.href };
}

const proxyUri = coapOptions.proxyUri.number;
const proxyScheme = coapOptions.proxyScheme.number;
