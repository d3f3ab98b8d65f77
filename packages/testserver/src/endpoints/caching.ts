import { endpointFamily, type EndpointFamily } from "./endpoint.ts";

/** Endpoints whose responses may be kept (RFC 9111). */
export const cachingFamily: EndpointFamily = endpointFamily("caching", "say how long they may be kept (RFC 9111)", [
  {
    path: "/cache/max-age/:seconds",
    does: "answers with what may be kept for so long, up to a year",
    example: "/cache/max-age/60",
    handle: (exchange) => {
      const seconds = exchange.integer("seconds", { min: 0, max: 31_536_000 });
      exchange.sendLine(200, `good for ${seconds} seconds`, { "cache-control": `max-age=${seconds}` });
    },
  },
  {
    path: "/cache/etag/:tag",
    does: "has to be looked at again before it is used again: answers 304 to who has it",
    example: "/cache/etag/v1",
    handle: (exchange) => {
      const fields = { etag: `"${encodeURIComponent(exchange.text("tag"))}"`, "cache-control": "no-cache" };
      if (exchange.request.headers["if-none-match"] === fields.etag) exchange.send(304, fields, "");
      else exchange.sendLine(200, fields.etag, fields);
    },
  },
]);
