import type { Exchange } from "../../exchange/index.ts";
import type { RequestContext } from "../../fetch-handler.ts";

/** What is the same for all requests of a worker. */
export interface WorkerSurroundings {
  readonly closing: AbortSignal;
  onError(error: unknown, request: undefined): void;
}

/** What a handler of a worker may know beyond its request. */
export class WorkerContext implements RequestContext {
  readonly client: RequestContext["client"];
  readonly #exchange: Exchange;
  readonly #around: WorkerSurroundings;

  constructor(exchange: Exchange, client: RequestContext["client"], around: WorkerSurroundings) {
    this.#exchange = exchange;
    this.client = client;
    this.#around = around;
  }

  get connection(): RequestContext["connection"] {
    return this.#exchange.connection;
  }

  get requestTrailers(): RequestContext["requestTrailers"] {
    return this.#exchange.body?.trailers ?? [];
  }

  get closing(): AbortSignal {
    return this.#around.closing;
  }

  inform(...[status, fields]: Parameters<RequestContext["inform"]>): void {
    this.#exchange.inform(status, fields);
  }

  waitUntil(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#around.onError(error, undefined);
    });
  }
}
