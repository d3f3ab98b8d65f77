import type { ExchangeDefaults } from "../open-exchange.ts";
import type { Tenants } from "../tenants.ts";

/** What a WebSocket or an event source needs of its manager. */
export interface StreamGround {
  readonly requests: ExchangeDefaults;
  readonly tenants: Tenants;
}
