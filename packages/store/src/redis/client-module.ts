import type * as RedisClient from "@redis/client";
import { StoreError } from "@fairlead/core";

/** The package that speaks with Redis. */
export type ClientModule = typeof RedisClient;

/**
 * Loads `@redis/client`, which only those install who use Redis.
 *
 * @param load another way to load it, for tests.
 * @throws StoreError STORE_OPEN_FAILED when it is not there.
 */
export async function loadClient(
  url: string,
  load: () => Promise<ClientModule | { readonly default: ClientModule }> = () => import("@redis/client"),
): Promise<ClientModule> {
  try {
    const module = await load();
    // It is CommonJS, of which some bundlers give the default export alone.
    return "createClient" in module ? module : module.default;
  } catch (cause) {
    throw new StoreError("STORE_OPEN_FAILED", {
      peer: url,
      operation: "open",
      detail: "the package @redis/client is not there",
      remedy: "run npm install @redis/client",
      cause,
    });
  }
}
