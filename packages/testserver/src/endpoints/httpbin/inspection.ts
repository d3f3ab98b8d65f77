import { randomUUID } from "node:crypto";
import { evaluatePreconditions } from "@fairlead/http/conditional";
import { BadRequest } from "../bad-request.ts";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange, HeaderFields } from "../exchange.ts";
import { anyMethod, httpbinFamily } from "./httpbin-route.ts";
import { factsOf, headersOf, originOf } from "./request-facts.ts";

/** Fields that must not come behind the content, for what they say has to be known before. RFC 9110 section 6.5.1. */
const notInTrailers = new Set(
  (
    "authorization cache-control content-encoding content-length content-range content-type host max-forwards " +
    "set-cookie te trailer transfer-encoding"
  ).split(" "),
);

/** What the server sees of a request, and what the client is to see of an answer. */
export const inspectionRoutes: EndpointFamily = httpbinFamily(
  "inspection",
  "show the client a request or an answer, as httpbin does",
  [
    {
      path: "/headers",
      methods: anyMethod,
      does: "tells the request's fields",
      example: "/headers",
      handle: (exchange) => exchange.sendJson({ headers: headersOf(exchange) }),
    },
    {
      path: "/ip",
      methods: anyMethod,
      does: "tells the client's address",
      example: "/ip",
      handle: (exchange) => exchange.sendJson({ origin: originOf(exchange) }),
    },
    {
      path: "/user-agent",
      methods: anyMethod,
      does: "tells the User-Agent field",
      example: "/user-agent",
      handle: (exchange) => exchange.sendJson({ "user-agent": exchange.request.headers["user-agent"] ?? null }),
    },
    {
      path: "/hostname",
      does: "tells the server's name, which is no machine's",
      example: "/hostname",
      handle: (exchange) => exchange.sendJson({ hostname: "fairlead-testserver" }),
    },
    {
      path: "/version",
      does: "tells the version of HTTP",
      example: "/version",
      handle: (exchange) => exchange.sendJson({ version: `HTTP/${exchange.request.httpVersion}` }),
    },
    {
      path: "/env",
      does: "tells the environment, of which there is none here",
      example: "/env",
      handle: (exchange) => exchange.sendJson({ env: {} }),
    },
    {
      path: "/dump/request",
      methods: anyMethod,
      does: "answers with the request as HTTP/1.1 writes it",
      example: "/dump/request",
      handle: (exchange) => {
        const { recorded, body } = exchange;
        const lines = recorded.rawHeaders
          .filter(([name]) => !name.startsWith(":"))
          .map(([name, value]) => `${name}: ${value}\r\n`);
        const head = `${recorded.method} ${recorded.target} HTTP/1.1\r\n${lines.join("")}\r\n`;
        const bytes = Buffer.concat([Buffer.from(head, "latin1"), body]);
        exchange.send(200, { "content-type": "text/plain; charset=utf-8" }, bytes);
      },
    },
    {
      path: "/response-headers?NAME=VALUE",
      methods: ["GET", "POST"],
      does: "sends each query parameter as a field, and tells all fields",
      example: "/response-headers?animal=dog&animal=cat",
      handle: sendFields,
    },
    {
      path: "/trailers?NAME=VALUE",
      methods: anyMethod,
      does: "sends each query parameter as a trailer field",
      example: "/trailers?X-Sum=1",
      handle: sendTrailers,
    },
    {
      path: "/cache",
      does: "answers with 304 to any conditional request, and with validators to others",
      example: "/cache",
      handle: (exchange) => {
        const { "if-none-match": tag, "if-modified-since": date } = exchange.request.headers;
        if (tag !== undefined || date !== undefined) exchange.send(304, {});
        else {
          const modified = new Date(exchange.recorded.at).toUTCString();
          tellGet(exchange, { "last-modified": modified, etag: `"${randomUUID().replaceAll("-", "")}"` });
        }
      },
    },
    {
      path: "/cache/:seconds",
      does: "answers with what caches may keep for so many seconds",
      example: "/cache/60",
      handle: (exchange) => {
        const seconds = exchange.integer("seconds", { min: 0, max: 999_999_999_999 });
        tellGet(exchange, { "cache-control": `public, max-age=${seconds}` });
      },
    },
    {
      path: "/etag/:etag",
      methods: ["GET", "PUT", "POST", "PATCH", "DELETE"],
      does: "has this entity tag, and heeds If-None-Match and If-Match",
      example: "/etag/v1",
      handle: (exchange) => {
        const etag = `"${encodeURIComponent(exchange.text("etag"))}"`;
        const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = exchange.request.headers;
        const method = exchange.request.method ?? "";
        const outcome = evaluatePreconditions(method, { ifMatch, ifNoneMatch }, { etag, lastModified: undefined }, 0);
        if (outcome === "perform") tellGet(exchange, { etag });
        else exchange.send(outcome === "failed" ? 412 : 304, { etag });
      },
    },
  ],
);

function tellGet(exchange: Exchange, fields: HeaderFields): void {
  exchange.sendJson(factsOf(exchange, "args", "headers", "origin", "url"), fields);
}

/** The fields tell of themselves: their length is among them, so it is looked for until it is right. */
function sendFields(exchange: Exchange): void {
  const wanted = Map.groupBy(exchange.url.searchParams, ([name]) => name);
  const fields: Record<string, string | readonly string[]> = { "Content-Type": "application/json" };
  for (const [name, pairs] of wanted) {
    const values = pairs.map(([, value]) => value);
    if (/^(?:content-length|transfer-encoding|connection|trailer)$/i.test(name)) {
      throw new BadRequest(`the field ${name} is for the server to send`);
    }
    if (name.toLowerCase() === "content-type") delete fields["Content-Type"];
    fields[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  let length = 0;
  for (;;) {
    const body = `${JSON.stringify({ "Content-Length": String(length), ...fields }, null, 2)}\n`;
    if (Buffer.byteLength(body) === length) {
      exchange.send(200, fields, body);
      return;
    }
    length = Buffer.byteLength(body);
  }
}

function sendTrailers(exchange: Exchange): void {
  const { response, url } = exchange;
  const names = [...new Set(url.searchParams.keys())];
  const forbidden = names.find((name) => notInTrailers.has(name.toLowerCase()));
  if (forbidden !== undefined) throw new BadRequest(`the field ${forbidden} must not be a trailer`);
  if (names.length > 0) response.setHeader("trailer", names.join(", "));
  response.setHeader("content-type", "application/json");
  response.writeHead(200);
  response.write(`${JSON.stringify(factsOf(exchange, "args", "data", "form", "headers", "origin", "url"), null, 2)}\n`);
  response.addTrailers(Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name).at(-1) ?? ""])));
  response.end();
}
