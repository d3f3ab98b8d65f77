import type { ForeignOptions } from "../dispatch.ts";
import type { Exchange } from "../exchange.ts";
import { openExchange, type ExchangeDefaults } from "../open-exchange.ts";
import { foreignTimeouts } from "../timeouts.ts";

/** The exchange of one hop that a library makes which takes a dispatcher. */
export function foreignExchange(options: ForeignOptions, defaults: ExchangeDefaults): Exchange {
  const { body = null, redirect } = options;
  return openExchange(
    redirect === undefined ? {} : { redirect },
    {
      signal: undefined,
      timeouts: foreignTimeouts(options, defaults.timeouts),
      body: body === null ? "none" : "used",
      reopenBody: undefined,
      follows: "none",
    },
    defaults,
  );
}
