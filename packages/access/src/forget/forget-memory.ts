import type { Store } from "@fairlead/store";
import { Subscriptions } from "../memory/subscriptions.ts";
import { forget, type ForgottenCounts } from "./forget.ts";
import type { ForgetRequest } from "./scope.ts";

/**
 * Forgets what a store holds of a site, or of a time, without the manager that keeps it: what it has in memory alone, and
 * responses that it keeps beside the store, are its own.
 *
 * @returns how much was forgotten, once that is durable.
 * @throws UsageError OPTION_INVALID; StoreError STORE_WRITE_FAILED.
 */
export async function forgetMemory(store: Store, request: ForgetRequest): Promise<ForgottenCounts> {
  const subscriptions = new Subscriptions(store);
  try {
    return await forget(request, { store, responses: undefined, subscriptions, cookies: [], forgetful: [] });
  } finally {
    subscriptions.close();
  }
}
