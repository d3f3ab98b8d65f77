import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { anyMethod, httpbinFamily, placeOf } from "./httpbin-route.ts";

/** Attributes that go-httpbin takes as `attr[Name]=value`, by their names in lower case. RFC 6265bis section 5.6. */
const attributes: Readonly<Record<string, string>> = {
  domain: "Domain",
  expires: "Expires",
  httponly: "HttpOnly",
  "max-age": "Max-Age",
  maxage: "Max-Age",
  partitioned: "Partitioned",
  path: "Path",
  samesite: "SameSite",
  secure: "Secure",
};

/** Cookies by the query; each change leads to the list. */
export const cookieRoutes: EndpointFamily = httpbinFamily("cookies", "set and tell cookies, as httpbin does", [
  {
    path: "/cookies",
    methods: anyMethod,
    does: "tells the cookies by name",
    example: "/cookies",
    handle: (exchange) => exchange.sendJson({ cookies: Object.fromEntries(cookiesOf(exchange)) }),
  },
  {
    path: "/cookies/set?NAME=VALUE&attr[NAME]=VALUE",
    does: "sets a cookie for each query parameter, with these attributes, and redirects to the list",
    example: "/cookies/set?flavour=oat&attr[SameSite]=lax",
    handle: (exchange) => {
      const pairs = [...exchange.url.searchParams].filter(([name]) => attributeOf(name) === undefined);
      redirectWith(
        exchange,
        pairs.map(([name, value]) => cookie(exchange, name, value)),
      );
    },
  },
  {
    path: "/cookies/set/:name/:value",
    does: "sets this cookie, and redirects to the list",
    example: "/cookies/set/flavour/oat",
    handle: (exchange) => {
      redirectWith(exchange, [cookie(exchange, exchange.text("name"), exchange.text("value"))]);
    },
  },
  {
    path: "/cookies/delete?NAME",
    does: "deletes the cookies of these names, and redirects to the list",
    example: "/cookies/delete?flavour",
    handle: (exchange) => {
      const names = [...exchange.url.searchParams.keys()];
      redirectWith(
        exchange,
        names.map((name) => `${written(name)}=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT`),
      );
    },
  },
]);

function cookiesOf({ request }: Exchange): readonly (readonly [string, string])[] {
  const pairs = (request.headers.cookie ?? "").split(/; ?/).filter((pair) => pair.includes("="));
  return pairs.map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1).replace(/^"(.*)"$/, "$1")];
  });
}

function cookie(exchange: Exchange, name: string, value: string): string {
  const asked = [...exchange.url.searchParams].flatMap(([key, setting]) => {
    const attribute = attributeOf(key);
    if (attribute === undefined) return [];
    return [/^(?:true)?$/i.test(setting) ? attribute : `${attribute}=${written(setting)}`];
  });
  const secure = exchange.url.protocol === "https:" ? ["Secure"] : [];
  return [`${written(name)}=${written(value)}`, ...new Set(["Path=/", ...secure, ...asked])].join("; ");
}

function attributeOf(parameter: string): string | undefined {
  const [, name = ""] = /^attr\[(.+)\]$/.exec(parameter) ?? [];
  return attributes[name.toLowerCase()];
}

/** The bytes of UTF-8, and no way out of a value. */
function written(text: string): string {
  return Buffer.from(text.replace(/[\u0000-\u001f;\u007f]/g, ""), "utf8").toString("latin1");
}

function redirectWith(exchange: Exchange, cookies: readonly string[]): void {
  exchange.send(302, { location: placeOf(exchange, "/cookies"), "set-cookie": cookies });
}
