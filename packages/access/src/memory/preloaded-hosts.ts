import type { HstsLookUp } from "@fairlead/http/hsts";
import { openPreloadList } from "@fairlead/hsts-preload";

/**
 * The look-up of a preload list that is opened by the first question. One that cannot be opened is warned of once, and then
 * lists nobody: requests go on with what hosts themselves have said.
 *
 * @param open opens the shipped list by default.
 */
export function preloadedHosts(open: () => { readonly find: HstsLookUp } = openPreloadList): HstsLookUp {
  let find: HstsLookUp | undefined;
  return (host) => (find ??= openOrWarn(open))(host);
}

/** The shipped list, which never changes while a process runs: one for all of its managers. */
export const shippedPreloadedHosts = preloadedHosts();

function openOrWarn(open: () => { readonly find: HstsLookUp }): HstsLookUp {
  try {
    const list = open();
    return (host) => list.find(host);
  } catch (error) {
    process.emitWarning(`no host is known by the preload list: ${error instanceof Error ? error.message : ""}`, {
      type: "FairleadWarning",
      code: "preload-list-unusable",
    });
    return () => undefined;
  }
}
