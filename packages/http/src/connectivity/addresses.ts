import { inNetwork, parseIp, parseNetwork } from "../proxies/ip-network.ts";

/** One address of an interface; `os.networkInterfaces()` gives more, which is not looked at. */
export interface InterfaceAddress {
  readonly address: string;
  /** Whether the interface is the loopback one. */
  readonly internal: boolean;
}

/** The addresses of each interface that is up, as `os.networkInterfaces()` has them. */
export type NetworkInterfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

/** Addresses that lead no farther than this machine or this link: RFC 1122 section 3.2.1.3, RFC 3927, RFC 4291 section 2.5. */
const UNUSABLE = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/128", "::1/128", "fe80::/10"];

/** Whether any interface has an address from which more than its own link can be reached. */
export function hasUsableAddress(interfaces: NetworkInterfaces): boolean {
  const unusable = UNUSABLE.flatMap((network) => parseNetwork(network) ?? []);
  return listAddresses(interfaces).some(({ address, internal }) => {
    const ip = internal ? undefined : parseIp(address);
    return ip !== undefined && !unusable.some((network) => inNetwork(ip, network));
  });
}

/** Equal exactly where the interfaces and their addresses are, in whatever order they are listed. */
export function addressesKey(interfaces: NetworkInterfaces): string {
  return listAddresses(interfaces)
    .map(({ name, address }) => `${name} ${address}`)
    .sort()
    .join("\n");
}

function listAddresses(interfaces: NetworkInterfaces): readonly (InterfaceAddress & { readonly name: string })[] {
  return Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, internal }) => ({ name, address, internal })),
  );
}
