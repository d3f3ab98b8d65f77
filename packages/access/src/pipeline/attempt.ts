import type { DispatchController, DispatchHandler, ResponseFields, Stage } from "../dispatch.ts";
import type { AttemptObserver } from "../observe/observer.ts";
import { hasField, withFields } from "../request-fields.ts";
import type { Hop } from "../transaction.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** Tells whoever watches the request of each time that a hop goes to a server, with the fields that it goes with. */
export const attempt: Stage = (next) => (options, handler) => {
  const { exchange, hop, headers } = options;
  if (exchange.watch === undefined) return next(options, handler);
  const observer = exchange.watch.attemptStarted(hop, headers);
  const added = observer?.fields.filter(([name]) => !hasField(headers, name.toLowerCase())) ?? [];
  const sent = added.length === 0 ? options : { ...options, headers: withFields(headers, added) };
  return next(sent, new WatchedAttempt(hop, handler, observer));
};

class WatchedAttempt extends PassingExchange {
  readonly #hop: Hop;
  readonly #observer: Required<AttemptObserver> | undefined;
  #status: number | undefined;

  constructor(hop: Hop, handler: DispatchHandler, observer: Required<AttemptObserver> | undefined) {
    super(handler);
    this.#hop = hop;
    this.#observer = observer;
  }

  override onRequestStart(controller: DispatchController, context: unknown): void {
    const { messages } = this.#hop;
    if (messages !== undefined) messages.sentAt = undefined;
    messages?.requestBody?.clear();
    super.onRequestStart(controller, context);
  }

  override onBodySent(chunk: Buffer): void {
    this.#hop.messages?.requestBody?.push(chunk);
    super.onBodySent(chunk);
  }

  override onRequestSent(): void {
    if (this.#hop.messages !== undefined) this.#hop.messages.sentAt = performance.now();
    super.onRequestSent();
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status >= 200) this.#status = status;
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#observer?.ended(this.#status, undefined);
    super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    this.#observer?.ended(this.#status, error);
    super.onResponseError(controller, error);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#observer?.ended(upgrade[1], undefined);
    super.onRequestUpgrade(...upgrade);
  }
}
