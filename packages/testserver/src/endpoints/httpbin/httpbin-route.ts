import { type Endpoint, endpointFamily, type EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";

/** A route of httpbin: its path is the one that it has there. */
export interface HttpbinRoute {
  /** Methods that it takes; `GET` by default. HEAD goes with GET, and OPTIONS is always answered. */
  readonly methods?: readonly string[];
  readonly path: string;
  readonly does: string;
  /** A request target that shows it. */
  readonly example: string;
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** Where httpbin's routes are on services whose own routes have other meanings for the same paths. */
export const httpbinPrefix = "/httpbin";

/** Methods of routes that take whatever has one. */
export const anyMethod: readonly string[] = ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"];

/** Makes a family of routes. Their paths are without the prefix; see {@link underPrefix}. */
export function httpbinFamily(name: string, line: string, routes: readonly HttpbinRoute[]): EndpointFamily {
  return endpointFamily(`httpbin-${name}`, line, routes.map(toEndpoint));
}

/** The same family, for services that have routes of their own at the root. */
export function underPrefix({ name, line, endpoints }: EndpointFamily): EndpointFamily {
  const prefixed = endpoints.map(
    ({ path, example, ...rest }): Endpoint => ({
      ...rest,
      path: httpbinPrefix + path,
      example: httpbinPrefix + example,
    }),
  );
  return endpointFamily(name, line, prefixed);
}

/** A path of httpbin as it is reached where this request came in. */
export function placeOf({ url }: Exchange, path: string): string {
  return url.pathname.startsWith(`${httpbinPrefix}/`) ? httpbinPrefix + path : path;
}

function toEndpoint({ methods = ["GET"], path, does, example, handle }: HttpbinRoute): Endpoint {
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  return {
    path,
    does,
    example,
    handle: async (exchange) => {
      const { method = "" } = exchange.request;
      allowOrigins(exchange);
      if (method === "OPTIONS") exchange.send(200, { allow: allowed.join(", ") });
      else if (!allowed.includes(method)) exchange.sendLine(405, "method not allowed", { allow: allowed.join(", ") });
      else await handle(exchange);
    },
  };
}

/** Pages of any origin may read everything here, as they may there. */
function allowOrigins({ request, response }: Exchange): void {
  response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
  response.setHeader("access-control-allow-credentials", "true");
  if (request.method !== "OPTIONS") return;
  response.setHeader("access-control-allow-methods", "GET, POST, PUT, DELETE, PATCH, OPTIONS");
  response.setHeader("access-control-max-age", "3600");
  const asked = request.headers["access-control-request-headers"];
  if (asked !== undefined) response.setHeader("access-control-allow-headers", asked);
}
