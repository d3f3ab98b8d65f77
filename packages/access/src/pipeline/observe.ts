import type { DispatchController, DispatchHandler, ResponseFields, Stage } from "../dispatch.ts";
import type { Tally } from "../observe/tally.ts";
import { requestChannel, RequestMessage } from "../observe/diagnostics.ts";
import type { Observers } from "../observe/observers.ts";
import type { Exchange } from "../exchange.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** Counts the requests of the application, and tells of them whoever wants to know. The first stage: it sees beginning and end. */
export function observe(observers: Observers, tally: Tally): Stage {
  return (next) => (options, handler) => {
    const { exchange, hop } = options;
    if (observers.isWatching) {
      const { method, url } = hop;
      const watch = observers.requestStarted({ method, url, transaction: exchange.transaction });
      if (watch !== undefined) exchange.watch = watch;
    }
    tally.begin();
    if (!requestChannel.hasSubscribers) return next(options, new ObservedExchange(handler, exchange, tally, undefined));
    const message = new RequestMessage(hop.method, hop.url);
    return requestChannel.traceSync(
      () => next(options, new ObservedExchange(handler, exchange, tally, message)),
      message,
    );
  };
}

class ObservedExchange extends PassingExchange {
  readonly #exchange: Exchange;
  readonly #tally: Tally;
  readonly #message: RequestMessage | undefined;
  #hasAnswered = false;
  #isOver = false;

  constructor(handler: DispatchHandler, exchange: Exchange, tally: Tally, message: RequestMessage | undefined) {
    super(handler);
    this.#exchange = exchange;
    this.#tally = tally;
    this.#message = message;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status >= 200) this.#answered(status);
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#end(undefined);
    super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    this.#end(error);
    super.onResponseError(controller, error);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#answered(upgrade[1]);
    this.#end(undefined);
    super.onRequestUpgrade(...upgrade);
  }

  #answered(status: number): void {
    this.#hasAnswered = true;
    if (this.#message === undefined) return;
    this.#message.status = status;
    requestChannel.asyncStart.publish(this.#message);
  }

  /** A handler that throws at the end is told of that, too. */
  #end(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tally.end(this.#exchange, this.#hasAnswered, error);
    this.#exchange.watch?.ended(error);
    if (this.#message === undefined) return;
    if (error !== undefined) {
      this.#message.error = error;
      requestChannel.error.publish(this.#message);
    }
    if (!this.#hasAnswered) requestChannel.asyncStart.publish(this.#message);
    requestChannel.asyncEnd.publish(this.#message);
  }
}
