import type { ConnectivitySettings } from "@fairlead/access";
import type { NetworkInterfaces } from "@fairlead/http/connectivity";

/** The loopback interface, and no other. */
export const LOOPBACK: NetworkInterfaces = { lo: [{ address: "127.0.0.1", internal: true }] };
/** A machine with an address from which a network can be reached. */
export const CONNECTED: NetworkInterfaces = { ...LOOPBACK, eth0: [{ address: "192.0.2.7", internal: false }] };

/** Settings for such a machine, whatever this one is. */
export function connected(settings: ConnectivitySettings = {}): { readonly connectivity: ConnectivitySettings } {
  return { connectivity: { interfaces: () => CONNECTED, ...settings } };
}
