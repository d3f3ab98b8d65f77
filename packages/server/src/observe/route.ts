import type { Exchange } from "../exchange/exchange.ts";
import { exchangeOf } from "../fetch/index.ts";
import { EdgeExchange } from "../forwarded/index.ts";

const routes = new WeakMap<Exchange, string>();

/**
 * Says which route a request took, by the application's own pattern (`/users/:id`), for metrics, traces and logs; the last
 * one holds. Paths are no routes: whoever asks could make up any number of them. A `Request` that somebody else made has no
 * place to remember it.
 *
 * @example
 * // Hono
 * app.use(async (c, next) => {
 *   await next();
 *   nameRoute(c.req.raw, routePath(c, -1));
 * });
 */
export function nameRoute(request: Request, route: string): void {
  const exchange = exchangeOf(request);
  if (exchange !== undefined) routes.set(exchange instanceof EdgeExchange ? exchange.observed : exchange, route);
}

/** What {@link nameRoute} has said. */
export function routeOf(exchange: Exchange): string | undefined {
  return routes.get(exchange);
}
