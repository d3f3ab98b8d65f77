import type { NetworkContext } from "../network-context.ts";

/** The URL of a path at a service that speaks HTTP, as certificates name it: by address, so that nothing is resolved. */
export function addressOf(network: NetworkContext, service: "ocsp" | "crl" | "aia", path: string): string {
  const { host, port } = network.service(service);
  const address = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}${path}`;
}
