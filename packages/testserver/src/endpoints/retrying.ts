import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

/** Answers that ask to come again, and lists that go on elsewhere. */
export const retryingFamily: EndpointFamily = endpointFamily("retrying", "ask to come again, or to go on elsewhere", [
  {
    path: "/retry-after/:seconds?as=seconds&status=503",
    does: "fails, and says in seconds or by a date when to come again (RFC 9110 section 10.2.3)",
    example: "/retry-after/2?as=date&status=429",
    handle: (exchange) => {
      const status = exchange.integer("status", { min: 300, max: 599, otherwise: 503 });
      exchange.sendLine(status, "come again", { "retry-after": retryAfter(exchange) });
    },
  },
  {
    path: "/attempts/:key/:failures?status=503",
    does: "fails so many times for each key, and then works; a key is forgotten once it has worked",
    example: "/attempts/one/2",
    handle: (exchange) => {
      const key = exchange.text("key");
      if (key.length > 100) throw new BadRequest("a key has up to 100 characters");
      const failures = exchange.integer("failures", { min: 0, max: 1_000 });
      const status = exchange.integer("status", { min: 400, max: 599, otherwise: 503 });
      const count = exchange.surroundings.attempts.count(key);
      if (count <= failures) exchange.sendLine(status, `attempt ${count} fails`, { "retry-after": 0 });
      else {
        exchange.surroundings.attempts.forget(key);
        exchange.sendLine(200, `attempt ${count} works`);
      }
    },
  },
  {
    path: "/pages/:page/:of",
    does: "answers with a page of a list as JSON, and links by Link to the first, previous, next and last (RFC 8288)",
    example: "/pages/2/3",
    handle: (exchange) => {
      const of = exchange.integer("of", { min: 1, max: 1_000 });
      const page = exchange.integer("page", { min: 1, max: of });
      const link = (relation: string, to: number): string => `</pages/${to}/${of}>; rel="${relation}"`;
      const links = [
        link("first", 1),
        ...(page > 1 ? [link("prev", page - 1)] : []),
        ...(page < of ? [link("next", page + 1)] : []),
        link("last", of),
      ];
      const items = Array.from({ length: 10 }, (_, index) => (page - 1) * 10 + index);
      exchange.sendJson({ page, items }, { link: links.join(", ") });
    },
  },
]);

function retryAfter(exchange: Exchange): string {
  const seconds = exchange.integer("seconds", { min: 0, max: 31_536_000 });
  switch (exchange.text("as", "seconds")) {
    case "seconds":
      return String(seconds);
    case "date":
      return new Date(exchange.now() + seconds * 1000).toUTCString();
    default:
      throw new BadRequest('"as" takes seconds, date');
  }
}
