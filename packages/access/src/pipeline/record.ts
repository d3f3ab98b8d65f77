import type { DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { Hop } from "../transaction.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** What a response teaches: `Strict-Transport-Security`, `Set-Cookie`. */
export type Learn = (options: HopOptions, fields: ResponseFields) => void;

/** Writes each hop into its transaction, and hands the fields of every response to `learn`. */
export function record(learn: Learn): Stage {
  return (next) => (options, handler) => {
    options.exchange.transaction.add(options.hop);
    return next(options, new RecordedExchange(options, handler, learn));
  };
}

class RecordedExchange extends PassingExchange {
  readonly #options: HopOptions;
  readonly #hop: Hop;
  readonly #learn: Learn;

  constructor(options: HopOptions, handler: DispatchHandler, learn: Learn) {
    super(handler);
    this.#options = options;
    this.#hop = options.hop;
    this.#learn = learn;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status < 200) {
      // An interim response (RFC 9110 section 15.2) is not the hop's, and teaches nothing.
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    this.#hop.markResponse(status);
    const location = fields["location"];
    this.#hop.location = Array.isArray(location) ? location[0] : location;
    this.#learn(this.#options, fields);
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    this.#hop.bodyBytes += chunk.length;
    super.onResponseData(controller, chunk);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#hop.markEnd();
    super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    this.#hop.markEnd(error);
    super.onResponseError(controller, error);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#hop.markResponse(upgrade[1]);
    this.#hop.markEnd();
    super.onRequestUpgrade(...upgrade);
  }
}
