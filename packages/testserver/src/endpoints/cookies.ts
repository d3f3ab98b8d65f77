import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";

/** Endpoints that set and show cookies (RFC 6265bis). */
export const cookieFamily: EndpointFamily = endpointFamily("cookies", "set and show cookies (RFC 6265bis)", [
  {
    path: "/cookies",
    does: "answers with the Cookie field as JSON: raw, and as pairs in the order sent",
    example: "/cookies",
    handle: (exchange) => {
      const raw = exchange.request.headers.cookie;
      exchange.sendJson({ raw: raw ?? null, pairs: raw === undefined ? [] : raw.split("; ").map(pairOf) });
    },
  },
  {
    path: "/cookies/set?NAME=VALUE",
    does: "sets a session cookie with Path=/ for each query parameter",
    example: "/cookies/set?flavour=oat",
    handle: (exchange) => {
      const cookies = [...exchange.url.searchParams].map(([name, value]) => `${name}=${value}; Path=/`);
      exchange.sendLine(200, "cookies set", { "set-cookie": cookies });
    },
  },
  {
    path: "/cookies/set-raw?value=VALUE",
    does: "sends one Set-Cookie field for each value, byte by byte as given in UTF-8",
    example: "/cookies/set-raw?value=a%3D1%3B%20Secure",
    handle: (exchange) => {
      const values = exchange.texts("value");
      if (values.length === 0) throw new BadRequest('the parameter "value" is missing');
      const cookies = values.map((value) => Buffer.from(value, "utf8").toString("latin1"));
      exchange.sendLine(200, "cookies set", { "set-cookie": cookies });
    },
  },
  {
    path: "/cookies/delete?NAME",
    does: "expires the cookie with Path=/ of each query parameter's name",
    example: "/cookies/delete?flavour",
    handle: (exchange) => {
      const names = [...exchange.url.searchParams.keys()];
      const cookies = names.map((name) => `${name}=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT`);
      exchange.sendLine(200, "cookies deleted", { "set-cookie": cookies });
    },
  },
]);

function pairOf(pair: string): readonly [name: string, value: string] {
  const equals = pair.indexOf("=");
  return equals === -1 ? ["", pair] : [pair.slice(0, equals), pair.slice(equals + 1)];
}
