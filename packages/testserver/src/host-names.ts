import type { LookupAddress, LookupOptions } from "node:dns";

/**
 * Names that the good certificate is for, besides `localhost` and the loopback addresses. Two sites, one of them with
 * subdomains, so that same-site and cross-site can be told apart. `.test` never resolves outside (RFC 6761 section 6.2).
 */
export const hostNames: readonly string[] = ["fairlead.test", "*.fairlead.test", "other.test", "*.other.test"];

/** The signature of `dns.lookup`, as `net.connect`, `http.request` and undici take it. */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/**
 * Makes a lookup that resolves `localhost` and every name under `.test` to the address a server is bound to, and
 * nothing else. Where that is all addresses, to the loopback one.
 */
export function createLookup(boundTo: string): Lookup {
  const address = boundTo === "0.0.0.0" ? "127.0.0.1" : boundTo === "::" ? "::1" : boundTo;
  const family = address.includes(":") ? 6 : 4;
  return (hostname, options, callback) => {
    const known = /(?:^|\.)(?:test|localhost)\.?$/i.test(hostname);
    if (!known) {
      const message = `getaddrinfo ENOTFOUND ${hostname}`;
      process.nextTick(
        callback,
        Object.assign(new Error(message), { code: "ENOTFOUND", syscall: "getaddrinfo", hostname }),
        [],
      );
    } else if (options.all === true) process.nextTick(callback, null, [{ address, family }]);
    else process.nextTick(callback, null, address, family);
  };
}
