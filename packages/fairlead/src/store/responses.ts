import type { NetworkAccessManager } from "@fairlead/access";
import type { Store } from "@fairlead/store";
import { existsSync } from "node:fs";

/** Opens the responses that a manager has kept beside its store, if there are any. */
export async function openResponses(store: Store): Promise<NetworkAccessManager | undefined> {
  const path = /^sqlite:(.+)$/s.exec(store.url)?.[1];
  if (path === undefined || !existsSync(`${path}.cache`)) return undefined;
  const { openNetworkAccessManager } = await import("@fairlead/access");
  return openNetworkAccessManager({ store });
}
