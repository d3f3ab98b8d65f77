import { formatProxy, type Proxy } from "@fairlead/http/proxies";
import { formatPeer } from "@fairlead/transport";

/** The way to an origin. */
export type Route =
  | { readonly type: "direct" }
  /** Through one proxy or several, the nearest first. */
  | {
      readonly type: "proxies";
      readonly proxies: readonly [Proxy, ...Proxy[]];
      /** Whether the last of them opens a tunnel for http, too: what becomes another protocol is not its to forward. */
      readonly tunnels?: boolean;
    }
  /** The origin's server listens on a socket of this machine. */
  | { readonly type: "unix"; readonly path: string }
  /** Another server that the origin named, and that has to show the origin's certificate. RFC 7838. */
  | { readonly type: "alternative"; readonly host: string; readonly port: number };

/** Straight to the origin. */
export const DIRECT: Route = { type: "direct" };

/**
 * Equal exactly for routes whose connections may be shared; empty for the direct one. Holds what the application wrote into
 * a proxy's URL, and therefore goes into no message.
 */
export function routeKey(route: Route): string {
  switch (route.type) {
    case "direct":
      return "";
    case "proxies":
      return ` ${route.tunnels === true ? "within" : "via"} ${JSON.stringify(
        route.proxies.map((proxy) => [formatProxy(proxy), proxy.credentials ?? null]),
      )}`;
    case "unix":
      return ` unix ${route.path}`;
    case "alternative":
      return ` at ${formatPeer(route.host, route.port)}`;
  }
}

/** The steps of a route for transactions and messages, without credentials; none for the direct one. */
export function describeRoute(route: Route): readonly string[] {
  switch (route.type) {
    case "direct":
      return [];
    case "proxies":
      return route.proxies.map(formatProxy);
    case "unix":
      return [`unix:${route.path}`];
    case "alternative":
      return [`h2=${formatPeer(route.host, route.port)}`];
  }
}

/**
 * The proxy that is asked for the resource itself, and not for a tunnel: the last one of the route, where it speaks HTTP and
 * the origin is not secure. RFC 9112 section 3.2.2.
 */
export function forwardingProxy(route: Route, secure: boolean): Proxy | undefined {
  const last = route.type === "proxies" && route.tunnels !== true ? route.proxies.at(-1) : undefined;
  return !secure && (last?.scheme === "http" || last?.scheme === "https") ? last : undefined;
}
