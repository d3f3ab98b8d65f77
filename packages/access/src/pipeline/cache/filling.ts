import type { ResponseCache } from "../../cache/response-cache.ts";
import type { PassedOver } from "./passed-over.ts";
import type { RequestUser } from "./request-facts.ts";
import type { Transfers } from "./transfers.ts";

/** What it takes to bring responses into a manager's cache: for requests that wait for them, and for refreshes. */
export interface Filling {
  readonly cache: ResponseCache;
  readonly transfers: Transfers;
  readonly passedOver: PassedOver;
  readonly user: RequestUser;
}
