import { ADDRCONFIG, lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { ResolvedAddress } from "./protocol/address-order.ts";

/**
 * Resolves a name to all of its addresses, in the resolver's order; an IP literal to itself.
 *
 * @throws what the resolver says; or the signal's reason.
 */
export async function resolve(
  host: string,
  lookup: LookupFunction | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly ResolvedAddress[]> {
  const { promise, resolve: answer, reject } = Promise.withResolvers<readonly ResolvedAddress[]>();
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    const look: LookupFunction = lookup ?? systemLookup;
    look(host, { all: true, hints: process.platform === "win32" ? 0 : ADDRCONFIG }, (error, found, family) => {
      if (error) reject(error);
      else answer(addressesOf(found, family));
    });
    return await promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** A lookup of the application's may answer with one address, whatever it was asked. */
function addressesOf(found: string | LookupAddress[], family: number | undefined): readonly ResolvedAddress[] {
  const all = typeof found === "string" ? [{ address: found, family: family ?? 0 }] : found;
  return all.flatMap(({ address }) => {
    const version = isIP(address);
    return version === 4 || version === 6 ? [{ address, family: version }] : [];
  });
}
