import { codingsOf } from "../coding-list.ts";
import type { DispatchController, DispatchHandler, ResponseFields, Stage } from "../dispatch.ts";
import type { RequestWatch } from "../observe/observers.ts";
import { flatFields } from "../request-fields.ts";
import type { Hop } from "../transaction.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** Writes each hop into its transaction, and tells whoever watches the request. */
export const record: Stage = (next) => (options, handler) => {
  const { exchange, hop, headers } = options;
  exchange.transaction.add(hop);
  exchange.watch?.hopStarted(hop);
  if (hop.messages !== undefined) hop.messages.askedFields = flatFields(headers);
  return next(options, new RecordedExchange(hop, handler, exchange.watch));
};

class RecordedExchange extends PassingExchange {
  readonly #hop: Hop;
  readonly #watch: RequestWatch | undefined;

  constructor(hop: Hop, handler: DispatchHandler, watch: RequestWatch | undefined) {
    super(handler);
    this.#hop = hop;
    this.#watch = watch;
  }

  override onBodySent(chunk: Buffer): void {
    this.#hop.sentBodyBytes += chunk.length;
    super.onBodySent(chunk);
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
    this.#keepHead(fields, message);
    const location = fields["location"];
    this.#hop.location = Array.isArray(location) ? location[0] : location;
    this.#hop.transferCodings = codingsOf(fields["transfer-encoding"]);
    this.#hop.contentCodings = codingsOf(fields["content-encoding"]);
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (this.#hop.cache === undefined) this.#hop.bodyBytes += chunk.length;
    this.#hop.messages?.responseBody?.push(chunk);
    super.onResponseData(controller, chunk);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#hop.markEnd();
    this.#watch?.hopEnded(this.#hop);
    super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    this.#hop.markEnd(error);
    this.#watch?.hopEnded(this.#hop);
    super.onResponseError(controller, error);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    const [, status, fields] = upgrade;
    this.#hop.markResponse(status);
    this.#keepHead(fields, undefined);
    this.#hop.markEnd();
    this.#watch?.hopEnded(this.#hop);
    super.onRequestUpgrade(...upgrade);
  }

  #keepHead(fields: ResponseFields, message: string | undefined): void {
    const { messages } = this.#hop;
    if (messages === undefined) return;
    messages.responseFields = { ...fields };
    messages.statusText = message ?? "";
  }
}
