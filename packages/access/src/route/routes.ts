import { UsageError } from "@fairlead/core";
import type { RouteRules } from "../pipeline/route.ts";
import { chooseRoutes, goDirect, type ChooseRoutes, type RouteSources } from "./choose-routes.ts";
import { FailedRoutes } from "./failed-routes.ts";
import type { RouteSettings } from "./options.ts";
import { introduceByUrl } from "./proxy-introduction.ts";

/** How the routes of one manager are chosen. */
export interface Routes {
  readonly rules: RouteRules;
  /** Makes what chooses the routes of one request; `undefined` where it leaves that to the manager. */
  readonly chooseFor: (settings: RouteSettings) => ChooseRoutes | undefined;
}

/**
 * Sets up the choice of routes.
 *
 * @throws UsageError OPTION_INVALID
 */
export function openRoutes({ proxy, unix }: RouteSettings, now: () => number): Routes {
  const sources: RouteSources = {
    environment: process.env,
    openPac: () => {
      throw new UsageError("OPTION_INVALID", { detail: "proxy" });
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
      introduction: introduceByUrl,
    },
    chooseFor: (settings) => chooseRoutes(settings, sources),
  };
}
