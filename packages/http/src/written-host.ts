/**
 * Reads a host as a text file has it: a name in A-labels or an address, one of IPv6 with or without brackets, perhaps with
 * a port. What the URL parser would make of any other text is nobody's guess.
 *
 * @returns as a URL has them, the port empty where there is none or that of http; `undefined` for what is no host.
 */
export function parseWrittenHost(text: string): { readonly hostname: string; readonly port: string } | undefined {
  if (!/^[\w.:[\]-]{1,259}$/.test(text) || text.startsWith(".") || text.includes("..")) return undefined;
  const isBareIpv6 = /^(?!\[).*:.*:/.test(text);
  return URL.parse(`http://${isBareIpv6 ? `[${text}]` : text}/`) ?? undefined;
}
