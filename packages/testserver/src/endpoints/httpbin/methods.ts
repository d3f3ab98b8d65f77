import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { anyMethod, httpbinFamily, type HttpbinRoute } from "./httpbin-route.ts";
import { factsOf } from "./request-facts.ts";

const withBody = ["args", "data", "files", "form", "headers", "json", "origin", "url"] as const;

/** One route for each method, and one for all of them. */
export const methodRoutes: EndpointFamily = httpbinFamily("methods", "tell what came in, as httpbin does", [
  {
    path: "/get",
    does: "tells the query, fields, address and URL of a GET",
    example: "/get?a=1",
    handle: tellWithoutBody,
  },
  {
    path: "/head",
    methods: ["HEAD"],
    does: "answers a HEAD as /get would",
    example: "/head",
    handle: tellWithoutBody,
  },
  ...["POST", "PUT", "PATCH", "DELETE"].map(
    (method): HttpbinRoute => ({
      path: `/${method.toLowerCase()}`,
      methods: [method],
      does: `tells all of a ${method}, its form, files and JSON too`,
      example: `/${method.toLowerCase()}`,
      handle: (exchange) => {
        exchange.sendJson(factsOf(exchange, ...withBody));
      },
    }),
  ),
  ...["/anything", "/anything/:anything*"].map(
    (path): HttpbinRoute => ({
      path,
      methods: anyMethod,
      does: `tells all of a request${path === "/anything" ? "" : " to any path below"}, and its method`,
      example: path.replace(":anything*", "x/y"),
      handle: (exchange) => {
        exchange.sendJson(factsOf(exchange, ...withBody.slice(0, 6), "method", "origin", "url"));
      },
    }),
  ),
]);

function tellWithoutBody(exchange: Exchange): void {
  exchange.sendJson(factsOf(exchange, "args", "headers", "origin", "url"));
}
