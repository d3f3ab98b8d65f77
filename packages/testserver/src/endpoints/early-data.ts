import { earlyDataChanges } from "../early-data-terms.ts";
import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

/** Endpoints that treat early data as RFC 8470 says; only the service `https-early-data` takes any itself. */
export const earlyDataFamily: EndpointFamily = endpointFamily(
  "early-data",
  "tell requests that came as early data from others (RFC 8470)",
  [
    {
      path: "/early?then=take|refuse|new-keys",
      does: "says whether the request came early; and what the next connections to https-early-data meet",
      example: "/early",
      handle: (exchange) => {
        const then = exchange.text("then", "");
        const change = earlyDataChanges.find((known) => known === then);
        if (change !== undefined) exchange.surroundings.earlyData.change(change);
        else if (then !== "") throw new BadRequest(`"then" takes ${earlyDataChanges.join(", ")}`);
        exchange.sendLine(200, isEarly(exchange) ? "early" : "not early");
      },
    },
    {
      path: "/too-early",
      does: "answers a request that came early with 425, and any other with 200",
      example: "/too-early",
      handle: (exchange) => {
        if (isEarly(exchange)) exchange.sendLine(425, "too early: ask again after the handshake");
        else exchange.sendLine(200, "in time");
      },
    },
  ],
);

/** By itself, or before a gateway that says so. RFC 8470 section 5.1. */
function isEarly({ recorded: { early, headers } }: Exchange): boolean {
  return early || headers["early-data"] === "1";
}
