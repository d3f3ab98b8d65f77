import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { Coalescing } from "../pool/h2/coalescing.ts";
import { isWhole } from "../pool/request-body-source.ts";
import { LeavingExchange } from "./leaving-exchange.ts";

/** RFC 9110 section 15.5.20. */
const MISDIRECTED = 421;

/**
 * Makes a request once more, on a connection of its origin's own, that was sent on another origin's and is not answered
 * there.
 *
 * @see RFC 9113 section 9.1.1
 */
export function misdirected(coalescing: Coalescing): Stage {
  return (next) => (options, handler) => {
    if (!options.target.secure) return next(options, handler);
    return next(options, new MisdirectedExchange(options, handler, next, coalescing));
  };
}

class MisdirectedExchange extends LeavingExchange {
  readonly #options: HopOptions;
  readonly #next: Dispatch;
  readonly #coalescing: Coalescing;

  constructor(options: HopOptions, handler: DispatchHandler, next: Dispatch, coalescing: Coalescing) {
    super(handler);
    this.#options = options;
    this.#next = next;
    this.#coalescing = coalescing;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const { hop, target, exchange, body } = this.#options;
    const isAnothers = status === MISDIRECTED && hop.tls !== undefined && hop.tls.serverName !== target.host;
    if (!isAnothers || !isWhole(body)) {
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    this.#coalescing.separate(target, exchange.partition);
    this.leave(controller);
    queueMicrotask(() => {
      this.#repeat(controller);
    });
  }

  /** In a turn of its own: whatever is thrown then would end the process. */
  #repeat(controller: DispatchController): void {
    const { exchange, hop } = this.#options;
    try {
      exchange.signal?.throwIfAborted();
      hop.repeats = [...hop.repeats, "misdirected"];
      this.#next(this.#options, this.handler);
    } catch (error) {
      this.handler.onResponseError?.(controller, error as Error);
    }
  }
}
