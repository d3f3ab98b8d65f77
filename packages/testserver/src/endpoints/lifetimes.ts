import { evaluatePreconditions } from "@fairlead/http/conditional";
import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange, HeaderFields } from "./exchange.ts";

const year = { min: 0, max: 31_536_000 };

/** Answers that tell their lifetime in each way that caches know, by the network's clock. */
export const lifetimeFamily: EndpointFamily = endpointFamily(
  "lifetimes",
  "tell how long they may be kept, by the network's clock (RFC 9111, 5861, 8246)",
  [
    {
      path: "/cache/control?value=DIRECTIVES",
      does: "sends Cache-Control as given; each answer has another text, so that one from a cache is known",
      example: "/cache/control?value=max-age=1,stale-while-revalidate=60",
      handle: (exchange) => {
        const value = exchange.text("value");
        if (/[^\t\x20-\x7e]/.test(value)) throw new BadRequest('the parameter "value" is printable ASCII');
        tell(exchange, { "cache-control": value });
      },
    },
    {
      path: "/cache/expires/:seconds?date=yes",
      does: "expires in so many seconds by the field Expires, with a Date or without",
      example: "/cache/expires/60",
      handle: (exchange) => {
        const seconds = exchange.integer("seconds", year);
        if (exchange.text("date", "yes") === "no") exchange.response.removeHeader("Date");
        tell(exchange, { expires: dateIn(exchange, seconds) });
      },
    },
    {
      path: "/cache/expired?value=0",
      does: "has expired long ago: Expires is no date, or as given",
      example: "/cache/expired?value=0",
      handle: (exchange) => {
        const value = exchange.text("value", "0");
        if (/[^\x20-\x7e]/.test(value)) throw new BadRequest('the parameter "value" is printable ASCII');
        tell(exchange, { expires: value });
      },
    },
    {
      path: "/cache/heuristic/:days",
      does: "says nothing but that it was last changed so many days ago, and answers 304 to who knows that",
      example: "/cache/heuristic/100",
      handle: (exchange) => {
        const days = exchange.integer("days", { min: 0, max: 10_000 });
        // Whole days of the clock, so that the date stays for a day.
        const lastModified = (Math.floor(exchange.now() / 86_400_000) - days) * 86_400_000;
        const { "if-modified-since": ifModifiedSince, "if-none-match": ifNoneMatch } = exchange.request.headers;
        const fields = { "last-modified": new Date(lastModified).toUTCString() };
        const outcome = evaluatePreconditions(
          exchange.request.method ?? "",
          { ifModifiedSince, ifNoneMatch },
          { etag: undefined, lastModified },
          exchange.now(),
        );
        if (outcome === "not-modified") exchange.send(304, fields);
        else tell(exchange, fields);
      },
    },
    {
      path: "/cache/age/:age?max-age=60",
      does: "was kept for so many seconds by a cache on the way, as Age says",
      example: "/cache/age/50?max-age=60",
      handle: (exchange) => {
        const age = exchange.integer("age", { min: 0, max: 999_999_999 });
        const seconds = exchange.integer("max-age", { ...year, otherwise: 60 });
        tell(exchange, { age, "cache-control": `max-age=${seconds}`, via: "1.1 cache.fairlead.test" });
      },
    },
    {
      path: "/cache/vary/:field?max-age=60",
      does: "depends on this field of the request, whose value it tells; * depends on everything",
      example: "/cache/vary/Accept-Language",
      handle: (exchange) => {
        const field = exchange.text("field");
        if (!/^(?:\*|[\w-]{1,50})$/.test(field)) throw new BadRequest('the parameter "field" is a name, or *');
        const seconds = exchange.integer("max-age", { ...year, otherwise: 60 });
        const value = exchange.request.headers[field.toLowerCase()] ?? "nothing";
        tell(exchange, { vary: field, "cache-control": `max-age=${seconds}` }, `${field} is ${String(value)}`);
      },
    },
    {
      path: "/cache/fails/:seconds?max-age=0",
      does: "allows to be used for so long when the server fails, which it does where a validator comes",
      example: "/cache/fails/600",
      handle: (exchange) => {
        const seconds = exchange.integer("seconds", year);
        const age = exchange.integer("max-age", { ...year, otherwise: 0 });
        if (exchange.request.headers["if-none-match"] !== undefined) exchange.sendLine(500, "the server failed");
        else tell(exchange, { etag: '"v1"', "cache-control": `max-age=${age}, stale-if-error=${seconds}` });
      },
    },
  ],
);

/** No two answers say the same. */
function tell(exchange: Exchange, fields: HeaderFields, line = "made"): void {
  const { recorded } = exchange;
  exchange.sendLine(200, `${line} at ${process.hrtime.bigint()} for connection ${recorded.connection}`, fields);
}

function dateIn(exchange: Exchange, seconds: number): string {
  return new Date(exchange.now() + seconds * 1000).toUTCString();
}
