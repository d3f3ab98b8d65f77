import type { ClientRequest } from "node:http";
import type { ExchangeOptions } from "../../open-exchange.ts";
import type { Transaction } from "../../transaction.ts";

/** What holds for all requests that are made by one agent. */
export interface AgentOptions extends Omit<ExchangeOptions, "signal"> {
  /** Requests to one origin at a time; further ones wait. No limit by default, but the manager's. */
  readonly maxSockets?: number;
  /**
   * Told what happened for each request once it is over, well or not: for libraries whose responses do not lead to the
   * request that they answer, as {@link transactionOf} needs it.
   */
  readonly onTransaction?: (transaction: Transaction, request: ClientRequest) => void;
}
