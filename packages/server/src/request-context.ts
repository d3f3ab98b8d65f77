import type { ConnectionFacts } from "./exchange/connection-facts.ts";
import type { Exchange, FlatFields } from "./exchange/index.ts";
import type { ClientAddress, RequestContext } from "./fetch-handler.ts";

/** What a server knows that its requests' contexts tell. */
export interface ContextSource {
  /** Who the client is, by what is believed of what the request says. */
  clientOf(exchange: Exchange): ClientAddress | undefined;
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
    return this.#source.clientOf(this.#exchange);
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
