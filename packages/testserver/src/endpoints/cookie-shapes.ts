import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

/** Cookies that are right and wrong beside each other: which ones a client keeps tells what it knows. RFC 6265bis. */
export const cookieShapeFamily: EndpointFamily = endpointFamily(
  "cookie-shapes",
  "set good and bad cookies beside each other, by the network's clock",
  [
    {
      path: "/cookies/lasting/:seconds?by=both",
      does: "sets a cookie for so many seconds by Expires, by Max-Age, or by both, which then disagree",
      example: "/cookies/lasting/60?by=expires",
      handle: (exchange) => {
        const seconds = exchange.integer("seconds", { min: 0, max: 34_560_000 });
        const by = exchange.text("by", "both");
        // Max-Age wins where both are there, so the date is wrong then.
        const at = exchange.now() + (by === "both" ? -86_400 : seconds) * 1000;
        const expires = by === "max-age" ? [] : [`Expires=${new Date(at).toUTCString()}`];
        const maxAge = by === "expires" ? [] : [`Max-Age=${seconds}`];
        send(exchange, [["lasting=1", "Path=/", ...expires, ...maxAge].join("; ")]);
      },
    },
    shape("/cookies/same-site", "sets a cookie of each SameSite; the last lacks Secure, and is to be refused", () => [
      "strict=1; Path=/; SameSite=Strict",
      "lax=1; Path=/; SameSite=Lax",
      "none=1; Path=/; SameSite=None; Secure",
      "unknown=1; Path=/; SameSite=Fairlead",
      "refused=1; Path=/; SameSite=None",
    ]),
    shape("/cookies/prefixes", "sets cookies with the prefixes __Host- and __Secure-, half of which break them", () => [
      "__Host-good=1; Path=/; Secure",
      "__Host-refused-path=1; Path=/cookies; Secure",
      "__Host-refused-domain=1; Path=/; Secure; Domain=fairlead.test",
      "__Secure-good=1; Path=/; Secure",
      "__Secure-refused=1; Path=/",
      "__host-refused-case=1; Path=/",
    ]),
    shape("/cookies/partitioned", "sets a cookie that is kept apart for each site that embeds this one", () => [
      "__Host-partitioned=1; Path=/; Secure; SameSite=None; Partitioned",
    ]),
    shape(
      "/cookies/domains",
      "sets cookies for this host, its parent, and for domains that it may not speak for",
      (url) => [
        "host=1; Path=/",
        `own=1; Path=/; Domain=${url.hostname}`,
        "site=1; Path=/; Domain=.fairlead.test",
        "refused-suffix=1; Path=/; Domain=test",
        "refused-other=1; Path=/; Domain=example.com",
      ],
    ),
    shape("/cookies/paths", "sets cookies of one name for several paths, which come back the longest first", () => [
      "path=root; Path=/",
      "path=cookies; Path=/cookies",
      "path=deeper; Path=/cookies/paths",
      "path=default",
    ]),
    {
      path: "/cookies/large/:bytes",
      does: "sets a cookie whose name and value have so many bytes together; more than 4,096 are too many",
      example: "/cookies/large/4096",
      handle: (exchange) => {
        const bytes = exchange.integer("bytes", { min: 5, max: 65_536 });
        send(exchange, [`large=${"x".repeat(bytes - 5)}; Path=/`]);
      },
    },
    {
      path: "/cookies/many/:count",
      does: "sets so many cookies at once, up to 1,000; a client keeps at least 50 for a site",
      example: "/cookies/many/60",
      handle: (exchange) => {
        const count = exchange.integer("count", { min: 0, max: 1_000 });
        send(
          exchange,
          Array.from({ length: count }, (_, index) => `c${index}=${index}; Path=/`),
        );
      },
    },
  ],
);

function shape(path: string, does: string, cookies: (url: URL) => readonly string[]): Endpoint {
  return {
    path,
    does,
    example: path,
    handle: (exchange) => {
      send(exchange, cookies(exchange.url));
    },
  };
}

function send(exchange: Exchange, cookies: readonly string[]): void {
  exchange.sendLine(200, `${cookies.length} cookies`, { "set-cookie": cookies });
}
