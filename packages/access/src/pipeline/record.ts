import type { DispatchController, DispatchHandler, ResponseFields, Stage } from "../dispatch.ts";
import type { Hop } from "../transaction.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** Writes each hop into its transaction. */
export const record: Stage = (next) => (options, handler) => {
  options.exchange.transaction.add(options.hop);
  return next(options, new RecordedExchange(options.hop, handler));
};

class RecordedExchange extends PassingExchange {
  readonly #hop: Hop;

  constructor(hop: Hop, handler: DispatchHandler) {
    super(handler);
    this.#hop = hop;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status < 200) {
      // An interim response (RFC 9110 section 15.2) is not the hop's.
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    this.#hop.markResponse(status);
    const location = fields["location"];
    this.#hop.location = Array.isArray(location) ? location[0] : location;
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (this.#hop.cache === undefined) this.#hop.bodyBytes += chunk.length;
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
