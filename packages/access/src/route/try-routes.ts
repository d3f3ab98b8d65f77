import type { Partition } from "../partition.ts";
import type { Target } from "../target.ts";
import { ONLY_DIRECT, type ChooseRoutes } from "./choose-routes.ts";
import type { FailedRoutes } from "./failed-routes.ts";
import { leadsNowhere } from "./leads-nowhere.ts";
import { routeKey, type Route } from "./route.ts";

/** Where a tunnel is to lead, and for whom. */
export interface TunnelledHop {
  readonly target: Target;
  readonly partition: Partition;
  readonly signal: AbortSignal;
}

/**
 * Goes to where no HTTP is spoken, by the first of its routes that leads there.
 *
 * @param choose `undefined` for straight to everywhere.
 * @throws what the last route failed with; UsageError OPTION_INVALID; or the signal's reason.
 */
export async function tryRoutes<Result>(
  { target, partition, signal }: TunnelledHop,
  choose: ChooseRoutes | undefined,
  failed: FailedRoutes,
  go: (route: Route) => Promise<Result>,
): Promise<Result> {
  const found = choose === undefined ? ONLY_DIRECT : await choose({ target, path: "/", partition, signal });
  const routes = failed.last(found.map(asTunnel));
  for (const [index, route] of routes.entries()) {
    signal.throwIfAborted();
    try {
      const result = await go(route);
      failed.delete(routeKey(route));
      return result;
    } catch (error) {
      if (!leadsNowhere(route, error as Error, target)) throw error;
      failed.add(routeKey(route));
      if (index + 1 === routes.length) throw error;
    }
  }
  throw new Error("there is at least one route");
}

/** What is no HTTP goes through a tunnel: a proxy could not forward it. */
function asTunnel(route: Route): Route {
  return route.type === "proxies" ? { ...route, tunnels: true } : route;
}
