import type { Exchange } from "../exchange/exchange.ts";

const routes = new WeakMap<Exchange, string>();

/**
 * Says which route an exchange took, by the application's own pattern (`/users/:id`), for metrics, traces and logs. Paths
 * are no routes: whoever asks could make up any number of them.
 */
export function nameRouteOf(exchange: Exchange, route: string): void {
  routes.set(exchange, route);
}

/** What {@link nameRouteOf} has said. */
export function routeOf(exchange: Exchange): string | undefined {
  return routes.get(exchange);
}
