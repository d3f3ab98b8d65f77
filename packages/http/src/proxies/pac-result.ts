import { parseProxy, type Proxy } from "./proxy.ts";

/** One way that a PAC script names; `direct` goes without a proxy. */
export type PacRoute = { readonly type: "direct" } | { readonly type: "proxy"; readonly proxy: Proxy };

/** Ways of one answer that are looked at. */
const MAX_ROUTES = 16;

/**
 * Reads what `FindProxyForURL` returned: ways in the order in which they are tried, separated by `;`. What cannot be read is
 * skipped; an empty answer, or none that can be read, is no way at all.
 */
export function parsePacResult(text: string): readonly PacRoute[] {
  return text.split(";", MAX_ROUTES).flatMap((part): readonly PacRoute[] => {
    const [keyword = "", address, ...rest] = part.trim().split(/\s+/);
    if (/^direct$/i.test(keyword) && address === undefined) return [{ type: "direct" }];
    const scheme = keywords.get(keyword.toUpperCase());
    if (scheme === undefined || address === undefined || rest.length > 0 || address.includes("@")) return [];
    const proxy = parseProxy(`${scheme}://${address}`);
    return proxy === undefined
      ? []
      : [{ type: "proxy", proxy: { ...proxy, port: pacPort(address, scheme) ?? proxy.port } }];
  });
}

const keywords: ReadonlyMap<string, string> = new Map([
  ["PROXY", "http"],
  ["HTTP", "http"],
  ["HTTPS", "https"],
  ["SOCKS", "socks4"],
  ["SOCKS4", "socks4"],
  ["SOCKS5", "socks5"],
]);

/** Here a proxy without a port is one on 80, as browsers have it. */
function pacPort(address: string, scheme: string): number | undefined {
  return scheme === "http" && !/:\d+$/.test(address) ? 80 : undefined;
}
