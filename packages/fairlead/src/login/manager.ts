import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import type { Store } from "@fairlead/store";
import { lookUpFirstIn } from "../get/resolve.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import type { LogoutPlan } from "./plan.ts";

/** A manager that ends with what is under way. */
export interface LoginManager extends AsyncDisposable {
  readonly manager: NetworkAccessManager;
}

/** Opens what asks authorization servers. */
export async function openLoginManager(
  { anchorsFile, addresses }: Pick<LogoutPlan, "anchorsFile" | "addresses">,
  store: Store,
): Promise<LoginManager> {
  const trust = anchorsFile === undefined ? undefined : await readTrustAnchors(anchorsFile);
  const manager = await openNetworkAccessManager({
    store,
    lookup: lookUpFirstIn(addresses),
    ...(trust && { tls: { trust } }),
  });
  return { manager, [Symbol.asyncDispose]: () => manager.destroy() };
}
