import type { NetworkAccessManager } from "./manager.ts";
import type { NetworkAccessManagerOptions } from "./options.ts";

/**
 * Opens a network access manager: the one object that an application shares for all its requests. Whoever opens it
 * closes it.
 *
 * @throws StoreError when the store cannot be opened; UsageError for an option that cannot be.
 *
 * @example
 * await using manager = await openNetworkAccessManager({ store: "sqlite:./network/store.db" });
 * const response = await manager.fetch("https://example.com/");
 */
export async function openNetworkAccessManager(
  options: NetworkAccessManagerOptions = {},
): Promise<NetworkAccessManager> {
  // Who only imports the package does not wait for all that a manager is made of.
  const { openManager } = await import("./manager.ts");
  return await openManager(options);
}
