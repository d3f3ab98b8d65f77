import { UsageError } from "@fairlead/core";
import { defaultManager } from "../default-manager.ts";
import type { FetchInit, FetchInput } from "../fetch/fetch-arguments.ts";
import type { NetworkAccessManager } from "../manager.ts";
import { installed, noteInstalled, type Installation } from "./installed.ts";

/**
 * Makes the global `fetch` a manager's, for all code of the process that asks by it. It opens nothing, and loads nothing,
 * before the first call. A call that names a `dispatcher` of its own goes by that, as before.
 *
 * Called again with the same manager it does nothing more.
 *
 * @param manager the default manager when it is left out.
 * @throws UsageError INSTALLED_ALREADY where another manager is installed.
 *
 * @example
 * using installation = install(manager);
 * await fetch("https://example.com/");
 */
export function install(manager?: NetworkAccessManager): Installation {
  const before = installed();
  if (before !== undefined) {
    if (before.manager === manager) return before.installation;
    throw new UsageError("INSTALLED_ALREADY", { operation: "install" });
  }
  const earlier = globalThis.fetch;
  const ask = askBy(manager);
  let isRestored = false;
  const ours = function fetch(input: FetchInput, init?: FetchInit): Promise<Response> {
    // What the runtime's fetch takes beyond the standard.
    const dispatcher = (init as { readonly dispatcher?: unknown } | null | undefined)?.dispatcher;
    const isForUs = !isRestored && (dispatcher === undefined || dispatcher === manager);
    return isForUs ? ask(input, init) : earlier(input, init);
  };
  const installation: Installation = {
    restore: () => {
      if (isRestored) return;
      isRestored = true;
      noteInstalled(undefined);
      if (globalThis.fetch === ours) globalThis.fetch = earlier;
    },
    [Symbol.dispose]: () => {
      installation.restore();
    },
  };
  globalThis.fetch = ours;
  noteInstalled({ manager, installation, earlier });
  return installation;
}

/** Asks the manager, or the default one once that is open. */
function askBy(manager: NetworkAccessManager | undefined): (input: FetchInput, init?: FetchInit) => Promise<Response> {
  let known = manager;
  return async (input, init) => (known ??= await defaultManager()).fetch(input, init);
}
