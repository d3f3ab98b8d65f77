import type { ClientIdentity, ConnectionFacts } from "./exchange/connection-facts.ts";
import type { Exchange, FlatFields } from "./exchange/index.ts";
import type { ClientAddress, RequestContext } from "./fetch-handler.ts";
import { EdgeExchange } from "./forwarded/index.ts";

/** What a server knows that its requests' contexts tell. */
export interface ContextSource {
  waitUntil(work: Promise<unknown>): void;
  readonly closing: AbortSignal;
}

/** The context of one exchange; nothing of it is made before it is looked at. */
export class ExchangeContext implements RequestContext {
  readonly #exchange: Exchange;
  readonly #source: ContextSource;

  constructor(exchange: Exchange, source: ContextSource) {
    this.#exchange = exchange;
    this.#source = source;
  }

  get connection(): ConnectionFacts {
    return this.#exchange.connection;
  }

  get client(): ClientAddress | undefined {
    const exchange = this.#exchange;
    return exchange instanceof EdgeExchange ? exchange.client : exchange.connection.remote;
  }

  get forwardedClient(): ClientIdentity | undefined {
    return this.#exchange instanceof EdgeExchange ? this.#exchange.forwardedClient : undefined;
  }

  get requestTrailers(): FlatFields {
    return this.#exchange.body?.trailers ?? [];
  }

  get closing(): AbortSignal {
    return this.#source.closing;
  }

  inform(status: number, fields: FlatFields): void {
    this.#exchange.inform(status, fields);
  }

  waitUntil(work: Promise<unknown>): void {
    this.#source.waitUntil(work);
  }
}
