import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";
import type { Stage } from "../dispatch.ts";
import type { Hop } from "../transaction.ts";

/** What a response teaches: `Strict-Transport-Security`, `Set-Cookie`. */
export type Learn = (options: HopOptions, fields: ResponseFields) => void;

/** Writes each hop into its transaction, and hands the fields of every response to `learn`. */
export function record(learn: Learn): Stage {
  return (next: Dispatch) => (options, handler) => {
    options.exchange.transaction.add(options.hop);
    return next(options, new RecordedExchange(options, handler, learn));
  };
}

class RecordedExchange implements DispatchHandler {
  readonly #options: HopOptions;
  readonly #hop: Hop;
  readonly #handler: DispatchHandler;
  readonly #learn: Learn;

  constructor(options: HopOptions, handler: DispatchHandler, learn: Learn) {
    this.#options = options;
    this.#hop = options.hop;
    this.#handler = handler;
    this.#learn = learn;
  }

  onRequestStart(controller: DispatchController, context: unknown): void {
    this.#handler.onRequestStart?.(controller, context);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status < 200) {
      // An interim response (RFC 9110 section 15.2) is not the hop's, and teaches nothing.
      this.#handler.onResponseStart?.(controller, status, fields, message);
      return;
    }
    this.#hop.markResponse(status);
    const location = fields["location"];
    this.#hop.location = Array.isArray(location) ? location[0] : location;
    this.#learn(this.#options, fields);
    this.#handler.onResponseStart?.(controller, status, fields, message);
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    this.#hop.bodyBytes += chunk.length;
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#hop.markEnd();
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: DispatchController, error: Error): void {
    this.#hop.markEnd(error);
    this.#handler.onResponseError?.(controller, error);
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#hop.markResponse(upgrade[1]);
    this.#hop.markEnd();
    this.#handler.onRequestUpgrade?.(...upgrade);
  }
}
