import { BadRequest } from "../bad-request.ts";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { anyMethod, httpbinFamily, type HttpbinRoute, placeOf } from "./httpbin-route.ts";

/** Redirects that count down to `/get`. */
export const redirectRoutes: EndpointFamily = httpbinFamily("redirects", "redirect, as httpbin does", [
  countDown("/redirect/:n?absolute=false", "redirects so many times to paths, or to whole URLs", (exchange) => {
    return exchange.text("absolute", "false").toLowerCase() === "true";
  }),
  countDown("/relative-redirect/:n", "redirects so many times to paths", () => false),
  countDown("/absolute-redirect/:n", "redirects so many times to whole URLs", () => true),
  {
    path: "/redirect-to?url=URL&status_code=302",
    methods: anyMethod,
    does: "redirects to this URL, sent as given, with this status",
    example: "/redirect-to?url=/get&status_code=307",
    handle: (exchange) => {
      const code = exchange.integer("status_code", { min: 0, max: 999, otherwise: 302 });
      redirect(exchange, exchange.text("url"), code >= 300 && code < 400 ? code : 302);
    },
  },
]);

function countDown(path: string, does: string, isAbsolute: (exchange: Exchange) => boolean): HttpbinRoute {
  return {
    path,
    does,
    example: (path.split("?")[0] ?? "").replace(":n", "3"),
    handle: (exchange) => {
      const count = exchange.integer("n", { min: 1, max: 1000 });
      const absolute = isAbsolute(exchange);
      const kind = absolute ? "absolute" : "relative";
      const next = placeOf(exchange, count === 1 ? "/get" : `/${kind}-redirect/${count - 1}`);
      redirect(exchange, absolute ? exchange.url.origin + next : next, 302);
    },
  };
}

function redirect(exchange: Exchange, location: string, code: number): void {
  if (/[\r\n\0]/.test(location)) throw new BadRequest("a URL has no line ends");
  exchange.send(
    code,
    { "content-type": "text/html; charset=utf-8", location: Buffer.from(location, "utf8").toString("latin1") },
    "",
  );
}
