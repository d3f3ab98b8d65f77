import { TransportError, UsageError } from "@fairlead/core";
import { formatPeer } from "../peer-name.ts";
import type { DatagramAddress } from "./contract.ts";

/** What fits through any IPv6 link without being cut: 1280 bytes less the headers of IPv6 and UDP. RFC 8200 section 5. */
export const defaultMtu = 1_232;

/** The most that UDP carries. */
export const largestMtu = 65_507;

/** @throws UsageError OPTION_INVALID for a size that no datagram has. */
export function requireMtu(mtu: number): number {
  if (Number.isSafeInteger(mtu) && mtu >= 1 && mtu <= largestMtu) return mtu;
  throw new UsageError("OPTION_INVALID", {
    detail: "mtu",
    remedy: `give a number of bytes from 1 to ${String(largestMtu)}`,
  });
}

/** @throws TransportError DATAGRAM_TOO_LARGE */
export function requireFits(length: number, mtu: number, { host, port }: DatagramAddress): void {
  if (length <= mtu) return;
  throw new TransportError("DATAGRAM_TOO_LARGE", {
    peer: formatPeer(host, port),
    operation: "send",
    detail: `${String(length)} bytes; this path takes ${String(mtu)} at most`,
  });
}
