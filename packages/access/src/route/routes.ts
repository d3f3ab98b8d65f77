import type { NameCache } from "../names/name-cache.ts";
import type { RouteRules } from "../pipeline/route.ts";
import { chooseRoutes, goDirect, type ChooseRoutes, type RouteSources } from "./choose-routes.ts";
import { FailedRoutes } from "./failed-routes.ts";
import type { RouteSettings } from "./options.ts";
import { chooseByPac } from "./pac/choose-by-pac.ts";
import { PacScript, type FetchScript } from "./pac/pac-script.ts";

/** What routes need of the manager. */
export interface RouteParts {
  readonly names: NameCache;
  readonly fetchScript: FetchScript;
  readonly now: () => number;
}

/** Scripts that are kept; past this the oldest is fetched anew. */
const SCRIPTS_LIMIT = 8;

/** How the routes of one manager are chosen. */
export interface Routes {
  readonly rules: Omit<RouteRules, "alternatives">;
  /** Makes what chooses the routes of one request; `undefined` where it leaves that to the manager. */
  readonly chooseFor: (settings: RouteSettings) => ChooseRoutes | undefined;
}

/**
 * Sets up the choice of routes.
 *
 * @throws UsageError OPTION_INVALID
 */
export function openRoutes({ proxy, unix }: RouteSettings, { names, fetchScript, now }: RouteParts): Routes {
  // A request names its script anew each time, and the script is the same.
  const scripts = new Map<string, ChooseRoutes>();
  const sources: RouteSources = {
    environment: process.env,
    openPac: (source) => {
      const key = "pac" in source ? `url ${String(source.pac)}` : `text ${source.pacScript}`;
      const known = scripts.get(key);
      if (known !== undefined) return known;
      const choose = chooseByPac(new PacScript(source, fetchScript, now), names);
      const [oldest] = scripts.size < SCRIPTS_LIMIT ? [] : scripts.keys();
      if (oldest !== undefined) scripts.delete(oldest);
      scripts.set(key, choose);
      return choose;
    },
  };
  const own = proxy ?? (unix === undefined ? "environment" : undefined);
  const choose = chooseRoutes(
    { ...(own !== undefined && { proxy: own }), ...(unix !== undefined && { unix }) },
    sources,
  );
  return {
    rules: {
      choose: choose === goDirect ? undefined : choose,
      failed: new FailedRoutes(now),
    },
    chooseFor: (settings) => chooseRoutes(settings, sources),
  };
}
