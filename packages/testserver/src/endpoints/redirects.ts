import { BadRequest } from "./bad-request.ts";
import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

const redirectCode = { min: 300, max: 399 };
const longestChain = 1000;

type Target = "same-origin" | "same-site" | "cross-site" | "http" | "https";

/** Where the relative redirects lead: a line for people, and the origin. */
const targets: Readonly<Record<Target, { readonly line: string; readonly origin: (exchange: Exchange) => string }>> = {
  "same-origin": { line: "the same origin, as an absolute URL", origin: ({ url }) => url.origin },
  "same-site": {
    line: "another host of one site: a.fairlead.test, or b.fairlead.test from there",
    origin: ({ url }) => originOf(url, url.hostname === "a.fairlead.test" ? "b.fairlead.test" : "a.fairlead.test"),
  },
  "cross-site": {
    line: "another site: other.test, or fairlead.test from there",
    origin: ({ url }) => originOf(url, url.hostname.endsWith("other.test") ? "fairlead.test" : "other.test"),
  },
  http: {
    line: "the same host over http, which from https is a step down",
    origin: ({ url, surroundings }) => `http://${url.hostname}:${surroundings.port("http")}`,
  },
  https: {
    line: "the same host over https",
    origin: ({ url, surroundings }) => `https://${url.hostname}:${surroundings.port("https")}`,
  },
};

/** Redirects with a Location that is well-formed. */
export const redirectFamily: EndpointFamily = endpointFamily("redirects", "redirect with a well-formed Location", [
  {
    path: "/redirect/:code?to=URL",
    does: "redirects with this status, from 300 to 399, to any URL reference, sent as given",
    example: "/redirect/302?to=/echo",
    handle: (exchange) => redirect(exchange, exchange.integer("code", redirectCode), exchange.text("to")),
  },
  {
    path: "/redirect/chain/:n?code=302",
    does: "redirects n times, counting down, and ends at /redirect/chain/0 with a 200",
    example: "/redirect/chain/3",
    handle: (exchange) => {
      const left = exchange.integer("n", { min: 0, max: longestChain });
      const code = exchange.integer("code", { ...redirectCode, otherwise: 302 });
      if (left === 0) exchange.sendLine(200, "end of the chain");
      else redirect(exchange, code, `/redirect/chain/${left - 1}${exchange.url.search}`);
    },
  },
  {
    path: "/redirect/loop/:n?code=302",
    does: "redirects round and round through n different URLs",
    example: "/redirect/loop/2",
    handle: (exchange) => {
      const length = exchange.integer("n", { min: 1, max: longestChain });
      const at = exchange.integer("at", { min: 0, max: length - 1, otherwise: 0 });
      const next = new URL(exchange.url);
      if (at + 1 === length) next.searchParams.delete("at");
      else next.searchParams.set("at", (at + 1).toString());
      const code = exchange.integer("code", { ...redirectCode, otherwise: 302 });
      redirect(exchange, code, next.pathname + next.search);
    },
  },
  {
    path: "/redirect/self?code=302",
    does: "redirects to its own URL",
    example: "/redirect/self",
    handle: (exchange) => {
      const code = exchange.integer("code", { ...redirectCode, otherwise: 302 });
      redirect(exchange, code, exchange.url.pathname + exchange.url.search);
    },
  },
  ...Object.entries(targets).map(
    ([target, { line, origin }]): Endpoint => ({
      path: `/redirect/:code/${target}?path=/echo`,
      does: `redirects with this status to ${line}`,
      example: `/redirect/307/${target}`,
      handle: (exchange) => {
        const path = exchange.text("path", "/echo");
        if (!path.startsWith("/")) throw new BadRequest('the parameter "path" must begin with a slash');
        redirect(exchange, exchange.integer("code", redirectCode), origin(exchange) + path);
      },
    }),
  ),
]);

function originOf(url: URL, host: string): string {
  return `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}`;
}

function redirect(exchange: Exchange, code: number, location: string): void {
  exchange.sendLine(code, `see ${location}`, { location: utf8AsLatin1(location) });
}

// node:http writes headers as Latin-1; this way the bytes on the wire are the UTF-8 of what was asked for.
function utf8AsLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
