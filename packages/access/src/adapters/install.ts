import { UsageError } from "@fairlead/core";
import { defaultManager } from "../default-manager.ts";
import type { FetchInit, FetchInput } from "../fetch/fetch-arguments.ts";
import type { NetworkAccessManager } from "../manager.ts";
import { GlobalInstallation, installed, noteInstalled, type Installation } from "./installed.ts";

/** Which names of the global object become a manager's. */
export interface InstallOptions {
  /** True by default. */
  readonly fetch?: boolean;
  /** False by default; only with a manager, since a class cannot wait until one is open. */
  readonly WebSocket?: boolean;
  /** The same as for `WebSocket`. */
  readonly EventSource?: boolean;
}

/**
 * Makes the global `fetch` a manager's, and other names where they are asked for, for all code of the process. It opens
 * nothing, and loads nothing, before the first call. A `fetch` that names a `dispatcher` of its own goes by that, as before.
 *
 * Called again with the same manager it adds what is asked for and not there, if anything.
 *
 * @param manager the default manager when it is left out.
 * @throws UsageError INSTALLED_ALREADY where another manager is installed; OPTION_INVALID for classes without a manager.
 *
 * @example
 * using installation = install(manager, { WebSocket: true });
 * await fetch("https://example.com/");
 */
export function install(manager?: NetworkAccessManager, options: InstallOptions = {}): Installation {
  const before = installed();
  if (before !== undefined && before.manager !== manager) {
    throw new UsageError("INSTALLED_ALREADY", { operation: "install" });
  }
  for (const name of ["WebSocket", "EventSource"] as const) {
    if (options[name] !== true || manager !== undefined) continue;
    const remedy = "open a manager, and install that";
    throw new UsageError("OPTION_INVALID", { operation: "install", detail: name, remedy });
  }
  const installation = before ?? new GlobalInstallation(manager);
  const { fetch = true, WebSocket = false, EventSource = false } = options;
  if (fetch && !installation.has("fetch")) installation.put("fetch", fetchBy(manager, installation));
  if (WebSocket && !installation.has("WebSocket")) installation.put("WebSocket", manager?.WebSocket);
  if (EventSource && !installation.has("EventSource")) installation.put("EventSource", manager?.EventSource);
  noteInstalled(installation);
  return installation;
}

/** A `fetch` that is the manager's for as long as it is installed, and the earlier one from then on. */
function fetchBy(manager: NetworkAccessManager | undefined, installation: GlobalInstallation): typeof globalThis.fetch {
  const { earlierFetch } = installation;
  let known = manager;
  const ask = async (input: FetchInput, init?: FetchInit): Promise<Response> =>
    (known ??= await defaultManager()).fetch(input, init);
  return function fetch(input: FetchInput, init?: FetchInit): Promise<Response> {
    // What the runtime's fetch takes beyond the standard.
    const dispatcher = (init as { readonly dispatcher?: unknown } | null | undefined)?.dispatcher;
    const isForUs = installation.isActive && (dispatcher === undefined || dispatcher === manager);
    return isForUs ? ask(input, init) : earlierFetch(input, init);
  };
}
