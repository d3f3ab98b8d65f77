import type { ConnectionFacts } from "./exchange/connection-facts.ts";
import type { ExchangeEnd, RequestRefusal } from "./exchange/driver.ts";
import type { Exchange } from "./exchange/exchange.ts";

/**
 * Hears what happens on a server: an access log, metrics, traces. What it throws goes to the server's `onError`. Where
 * nobody observes, nothing is made to be told.
 */
export interface ServerObserver {
  /** A connection speaks HTTP from now on; over TLS, its handshake is done. */
  onConnection?(facts: ConnectionFacts): void;
  onConnectionEnd?(facts: ConnectionFacts): void;
  /** One that never came so far: refused, cut, or without a handshake. */
  onConnectionFailure?(error: Error, facts: ConnectionFacts): void;
  /** Before a handler sees it. */
  onExchange?(exchange: Exchange): void;
  /**
   * Calls what handles the exchange, once, and returns what it returns: for what follows asynchronous work, as traces do
   * by AsyncLocalStorage. Observers are nested in their order.
   */
  around?<Result>(exchange: Exchange, handle: () => Result): Result;
  onEnd?(exchange: Exchange, end: ExchangeEnd): void;
  /** A request that no handler saw. */
  onRefusal?(facts: ConnectionFacts, refusal: RequestRefusal): void;
}
