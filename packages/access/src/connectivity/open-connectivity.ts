import type { Tenants } from "../tenants.ts";
import type { UnderWay } from "../under-way.ts";
import { openCheck, type CheckGround } from "./checks.ts";
import { Connectivity } from "./connectivity.ts";
import type { ConnectivityHints } from "./hints.ts";
import { connectivitySettings, type ConnectivitySettings } from "./options.ts";

/** What connectivity needs of its manager. */
export interface ConnectivityGround extends CheckGround {
  readonly hints: ConnectivityHints;
  /** It ends with the manager. */
  readonly tenants: Tenants;
  readonly underWay: UnderWay;
}

/**
 * Prepares the connectivity of one manager; it is made when it is first asked for.
 *
 * @throws UsageError OPTION_INVALID
 */
export function openConnectivity(
  settings: ConnectivitySettings | undefined,
  ground: ConnectivityGround,
): () => Connectivity {
  const checked = connectivitySettings(settings);
  let connectivity: Connectivity | undefined;
  return () => {
    if (connectivity !== undefined) return connectivity;
    connectivity = new Connectivity({ settings: checked, check: openCheck(checked, ground), hints: ground.hints });
    if (ground.underWay.isClosing) void connectivity.close();
    else ground.tenants.add(connectivity);
    return connectivity;
  };
}
