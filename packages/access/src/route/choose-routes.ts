import { UsageError } from "@fairlead/core";
import { parseProxy, proxyFromEnvironment, type Environment, type Proxy } from "@fairlead/http/proxies";
import type { Partition } from "../partition.ts";
import type { Target } from "../target.ts";
import type { PacSource, ProxyOption, ProxyWay, RouteSettings } from "./options.ts";
import { DIRECT, type Route } from "./route.ts";

/** A hop for which routes are chosen. */
export interface RoutedHop {
  readonly target: Target;
  /** Path and query. */
  readonly path: string;
  readonly partition: Partition;
  readonly signal: AbortSignal | undefined;
}

/** Finds the routes of a hop, in the order in which they are tried; at least one. */
export type ChooseRoutes = (hop: RoutedHop) => readonly Route[] | Promise<readonly Route[]>;

/** What choosing needs of the manager. */
export interface RouteSources {
  readonly environment: Environment;
  /** Opens a script; it is fetched and run when its first question comes. */
  readonly openPac: (source: PacSource) => ChooseRoutes;
}

/** Straight to every origin. */
export const ONLY_DIRECT: readonly Route[] = [DIRECT];

/** Chooses the same for every hop; a manager need not ask it. */
export const goDirect: ChooseRoutes = () => ONLY_DIRECT;

/** Origins whose way is kept, as the environment has it. */
const ORIGINS_LIMIT = 1_024;

/**
 * Makes what chooses routes by the settings; `undefined` where nothing is set.
 *
 * @throws UsageError OPTION_INVALID
 */
export function chooseRoutes({ proxy, unix }: RouteSettings, sources: RouteSources): ChooseRoutes | undefined {
  if (unix !== undefined) {
    if (proxy !== undefined && proxy !== "none") throw invalid("unix", "give a proxy or a Unix socket, not both");
    if (unix === "" || unix.includes("\0")) throw invalid("unix", "give the path of a socket");
    const routes: readonly Route[] = [{ type: "unix", path: unix }];
    return () => routes;
  }
  return proxy === undefined ? undefined : chooseProxies(proxy, sources);
}

function chooseProxies(proxy: ProxyOption, sources: RouteSources): ChooseRoutes {
  if (proxy === "environment") return chooseByEnvironment(sources.environment);
  if (typeof proxy === "function") {
    return async ({ target, path, signal }) => [wayOf(await proxy({ url: target.origin + path, signal }))];
  }
  if (typeof proxy === "object" && !isList(proxy)) return sources.openPac(proxy);
  if (proxy === "none") return goDirect;
  const routes = [wayOf(proxy)];
  return () => routes;
}

/** As it is when the manager opens: nothing that changes it later sends requests elsewhere. */
function chooseByEnvironment(environment: Environment): ChooseRoutes {
  const fixed = Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(?:[a-z\d+.-]+_proxy|request_method)$/i.test(name)),
  );
  if (!Object.keys(fixed).some((name) => !/^no_proxy$/i.test(name))) return goDirect;
  const known = new Map<string, readonly Route[]>();
  return ({ target }) => {
    const found = known.get(target.origin);
    if (found !== undefined) return found;
    const choice = proxyFromEnvironment(new URL(target.origin), fixed);
    if (choice.type === "invalid") throw invalid(choice.because, "give the URL of a proxy, or unset the variable");
    const routes: readonly Route[] =
      choice.type === "direct" ? ONLY_DIRECT : [{ type: "proxies", proxies: [choice.proxy] }];
    if (known.size >= ORIGINS_LIMIT) known.clear();
    known.set(target.origin, routes);
    return routes;
  };
}

/** @throws UsageError OPTION_INVALID, which does not quote what may hold a password. */
function wayOf(way: ProxyWay): Route {
  if (way === "none") return DIRECT;
  const [first, ...others] = (isList(way) ? way : [way]).map((url): Proxy => {
    const proxy = parseProxy(url);
    if (proxy === undefined) throw invalid("proxy", "give proxies as scheme://name:password@host:port, or none");
    return proxy;
  });
  if (first === undefined) throw invalid("proxy", "name at least one proxy, or none");
  return { type: "proxies", proxies: [first, ...others] };
}

/** `Array.isArray` does not know lists that cannot be changed. */
function isList(way: ProxyWay | PacSource): way is readonly string[] {
  return Array.isArray(way);
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}
