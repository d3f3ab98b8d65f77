import { isIP, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

/** A-labels in lower case without a trailing dot, IPv6 in brackets, as hosts are remembered; empty for what is no host. */
export function canonicalHost(host: string): string {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  if (isIPv6(address)) return URL.parse(`http://[${address}]`)?.hostname ?? "";
  return isIP(host) === 0 ? domainToASCII(host.replace(/\.$/, "")) : host;
}

/** The hosts of URLs; those that are none have none. */
export function hostsOfUrls(...urls: readonly (string | undefined)[]): readonly string[] {
  return urls.flatMap((url) => {
    const host = url === undefined ? "" : (URL.parse(url)?.hostname ?? "");
    return host === "" ? [] : [canonicalHost(host)];
  });
}

/** Whether a name of a certificate, `*.a.example` maybe, or any other host is this one. */
export function isNamedBy(name: string, host: string): boolean {
  return name === host || (name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1));
}
