import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

const page = "<!doctype html><title>Welcome</title><p>Accept the terms to go on.\n";
const html = { "content-type": "text/html; charset=utf-8" };

/** Answers that a probe for connectivity may get. */
const outcomes: Readonly<Record<string, (exchange: Exchange) => void>> = {
  online: (exchange) => exchange.send(204, {}),
  empty: (exchange) => exchange.send(200, {}),
  page: (exchange) => exchange.send(200, html, page),
  redirect: (exchange) => exchange.send(302, { ...html, location: portalPage(exchange) }, page),
  elsewhere: (exchange) => exchange.send(302, { location: "fairlead-app://portal" }),
  511: (exchange) => exchange.send(511, html, page),
  busy: (exchange) => exchange.send(503, { "retry-after": exchange.text("after", "60") }),
  error: (exchange) => exchange.send(500, html, page),
  missing: (exchange) => exchange.send(404, html, page),
};

/** Endpoints that play a captive portal, and what else may become of a probe. */
export const connectivityFamily: EndpointFamily = endpointFamily(
  "connectivity",
  "play a captive portal, and the server that probes are sent to (RFC 8908, RFC 6585)",
  [
    {
      path: "/probe/:outcome?after=60",
      does: `answers a probe: ${Object.keys(outcomes).join(", ")}; after is the Retry-After of busy`,
      example: "/probe/online",
      handle: (exchange) => {
        const name = exchange.text("outcome");
        const answer = Object.hasOwn(outcomes, name) ? outcomes[name] : undefined;
        if (answer === undefined) throw new BadRequest(`"outcome" takes ${Object.keys(outcomes).join(", ")}`);
        answer(exchange);
      },
    },
    {
      path: "/portal/probe",
      does: "redirects a probe to the portal's page while its clients are captive, then answers with 204",
      example: "/portal/probe",
      handle: (exchange) =>
        (exchange.surroundings.captivePortal.isCaptive ? outcomes["redirect"] : outcomes["online"])?.(exchange),
    },
    {
      path: "/portal/page?then=enter|leave",
      does: "shows the portal's page; enter lets its clients out, leave makes them captive again",
      example: "/portal/page",
      handle: (exchange) => {
        const then = exchange.text("then", "");
        if (then !== "" && then !== "enter" && then !== "leave") throw new BadRequest(`"then" takes enter, leave`);
        if (then !== "") exchange.surroundings.captivePortal.isCaptive = then === "leave";
        exchange.send(200, html, page);
      },
    },
    {
      path: "/portal/api?seconds=N&bytes=N",
      does: "answers as the portal's API, with what is left of the session once its clients were let out",
      example: "/portal/api",
      handle: (exchange) => {
        const { isCaptive } = exchange.surroundings.captivePortal;
        const remaining = (name: string): number | undefined =>
          isCaptive || exchange.text(name, "") === ""
            ? undefined
            : exchange.integer(name, { min: 0, max: 999_999_999_999_999 });
        exchange.sendJson(
          {
            captive: isCaptive,
            "user-portal-url": portalPage(exchange),
            "venue-info-url": `${exchange.url.origin}/portal/page`,
            "can-extend-session": true,
            "seconds-remaining": remaining("seconds"),
            "bytes-remaining": remaining("bytes"),
          },
          { "content-type": "application/captive+json", "cache-control": "private" },
        );
      },
    },
  ],
);

function portalPage({ url, surroundings }: Exchange): string {
  return `https://${url.hostname}:${surroundings.port("https")}/portal/page`;
}
