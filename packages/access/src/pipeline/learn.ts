import type { DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** What a response teaches: `Strict-Transport-Security`, `Set-Cookie`. */
export type Learn = (options: HopOptions, fields: ResponseFields) => void;

/** Hands the fields of every response that comes from a server to `learn`: what is stored has taught already. */
export function learn(lesson: Learn): Stage {
  return (next) => (options, handler) => next(options, new TeachingExchange(options, handler, lesson));
}

class TeachingExchange extends PassingExchange {
  readonly #options: HopOptions;
  readonly #learn: Learn;

  constructor(options: HopOptions, handler: DispatchHandler, lesson: Learn) {
    super(handler);
    this.#options = options;
    this.#learn = lesson;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    // An interim response (RFC 9110 section 15.2) is not the hop's, and teaches nothing.
    if (status >= 200) this.#learn(this.#options, fields);
    super.onResponseStart(controller, status, fields, message);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#learn(this.#options, upgrade[2]);
    super.onRequestUpgrade(...upgrade);
  }
}
