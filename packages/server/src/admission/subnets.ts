import { BlockList, isIP } from "node:net";
import { UsageError } from "@fairlead/core";
import { unmapped } from "./protocol/host-of.ts";

/** A set of addresses. */
export interface Subnets {
  /** Whether an address is among them; IPv4 also where it is mapped into IPv6. */
  has(address: string): boolean;
}

/**
 * Makes a set of addresses from such as `10.0.0.0/8`, `2001:db8::/32` and `192.0.2.1`. Each is of its own version: `::/0`
 * is all of IPv6, and nothing of IPv4.
 *
 * @param option the option's name, for the error.
 * @throws UsageError OPTION_INVALID for what is none of these.
 */
export function subnets(written: readonly string[], option: string): Subnets {
  // One list would look for addresses of IPv4 among the subnets of IPv6 as well.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const each of written) {
    const { address, prefix, version } = parseSubnet(each, option);
    lists[version].addSubnet(address, prefix, version);
  }
  return {
    has: (address) => {
      const [plain = ""] = unmapped(address).split("%", 1);
      const version = versionOf(plain);
      return version !== undefined && lists[version].check(plain, version);
    },
  };
}

type Version = "ipv4" | "ipv6";

function versionOf(address: string): Version | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

function parseSubnet(written: string, option: string): { address: string; prefix: number; version: Version } {
  const [address = "", length, more] = written.split("/");
  const version = versionOf(address);
  const bits = version === "ipv4" ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  const isMapped = unmapped(address) !== address;
  if (version === undefined || isMapped || more !== undefined || !(prefix <= bits) || address.includes("%")) {
    throw new UsageError("OPTION_INVALID", {
      detail: `${option}: ${JSON.stringify(written)} is no subnet`,
      remedy: "write 10.0.0.0/8, 2001:db8::/32 or one address; IPv4 in its own form, and no zone",
    });
  }
  return { address, prefix, version };
}
