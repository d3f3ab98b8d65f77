import type { CoapOption } from "../message.ts";
import { coapOptions } from "../option-table.ts";
import { readOption, writeOption } from "../option-values.ts";

/**
 * Splits Proxy-Uri, so that path and query can be encrypted: a proxy learns scheme and authority. Other options stay as
 * they are; `undefined` where it is no absolute URI.
 *
 * @see RFC 8613 section 4.1.3.3, RFC 7252 section 6.4
 */
export function splitProxyUri(options: readonly CoapOption[]): readonly CoapOption[] | undefined {
  const proxyUri = readOption({ options }, "proxyUri");
  if (proxyUri === undefined) return options;
  const url = URL.parse(proxyUri);
  if (url === null || url.host === "") return undefined;
  const { protocol, host, pathname, search } = url;
  try {
    const path = pathname === "/" || pathname === "" ? [] : pathname.slice(1).split("/");
    const query = search.length < 2 ? [] : search.slice(1).split("&");
    return [
      ...options.filter(({ number }) => number !== coapOptions.proxyUri.number),
      writeOption("proxyUri", `${protocol}//${host}`),
      ...path.map((segment) => writeOption("uriPath", decodeURIComponent(segment))),
      ...query.map((argument) => writeOption("uriQuery", decodeURIComponent(argument))),
    ].sort((one, other) => one.number - other.number);
  } catch {
    // A percent sign that encodes nothing.
    return undefined;
  }
}
