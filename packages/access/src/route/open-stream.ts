import { NO_TERMS } from "../agreement/connection-terms.ts";
import type { HopOptions } from "../dispatch.ts";
import type { Connector } from "../pool/connector.ts";
import { formatPeer } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { Target } from "../target.ts";
import { ONLY_DIRECT, type ChooseRoutes } from "./choose-routes.ts";
import type { FailedRoutes } from "./failed-routes.ts";
import { leadsNowhere } from "./leads-nowhere.ts";
import { describeRoute, routeKey, type Route } from "./route.ts";

/**
 * Opens a byte stream for a hop that is no HTTP, by the routes of its manager.
 *
 * @throws TransportError, TlsError, TimeoutError, UsageError OPTION_INVALID; or the signal's reason.
 */
export type OpenStream = (options: HopOptions, host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** What opening streams needs of a manager. */
export interface StreamRules {
  readonly connector: Connector;
  readonly choose: ChooseRoutes | undefined;
  readonly failed: FailedRoutes;
}

/** Makes what opens streams by the routes of one manager. */
export function streamOpener({ connector, choose, failed }: StreamRules): OpenStream {
  return async (options, host, port, signal) => {
    const { exchange, hop } = options;
    const { partition, onAuthenticate, timeouts } = exchange;
    const target = streamTarget(options.target.protocol, host, port);
    const chosen = exchange.chooseRoutes ?? choose;
    const found = chosen === undefined ? ONLY_DIRECT : await chosen({ target, path: "/", partition, signal });
    const routes = failed.last(found.map(asTunnel));
    for (const [index, route] of routes.entries()) {
      signal.throwIfAborted();
      hop.route = describeRoute(route);
      try {
        const { stream, facts } = await connector({
          ...{ target, route, partition, onAuthenticate, timeouts, signal },
          terms: NO_TERMS,
          unverified: false,
          chooseIdentity: undefined,
          judgeCertificate: undefined,
          mayBeEarly: false,
        });
        failed.delete(routeKey(route));
        hop.markRequest(facts, false);
        return stream;
      } catch (error) {
        if (!leadsNowhere(route, error as Error, target)) throw error;
        failed.add(routeKey(route));
        if (index + 1 === routes.length) throw error;
      }
    }
    throw new Error("there is at least one route");
  };
}

/** What is no HTTP goes through a tunnel: a proxy could not forward it. */
function asTunnel(route: Route): Route {
  return route.type === "proxies" ? { ...route, tunnels: true } : route;
}

function streamTarget(protocol: string, host: string, port: number): Target {
  const peer = formatPeer(host, port);
  const urlHost = host.includes(":") ? `[${host}]` : host;
  return { origin: `${protocol}//${peer}`, protocol, secure: false, host, urlHost, port, authority: peer, peer };
}
