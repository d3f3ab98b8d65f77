import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import { LeavingExchange } from "./leaving-exchange.ts";

/** Methods that change nothing on a server, however often they arrive. RFC 9110 section 9.2.1. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
/** RFC 8470 section 5.2. */
const TOO_EARLY = 425;

/**
 * Lets a hop go with the first flight of its connection, where a replay does no harm and application or request allow it:
 * safe methods without a body. A server that does not want to risk it answers with 425, and gets the request once more,
 * after the handshake.
 *
 * @see RFC 8470 sections 4 and 5.2
 */
export function earlyData(policy: boolean): Stage {
  return (next) => (options, handler) => {
    const { method, body, upgrade, target, exchange } = options;
    const isHarmless = SAFE_METHODS.has(method) && (body ?? null) === null && upgrade === undefined;
    if (!target.secure || !(exchange.earlyData ?? policy) || !isHarmless) return next(options, handler);
    return next({ ...options, mayBeEarly: true }, new EarlyExchange(options, handler, next));
  };
}

class EarlyExchange extends LeavingExchange {
  readonly #options: HopOptions;
  readonly #next: Dispatch;

  constructor(options: HopOptions, handler: DispatchHandler, next: Dispatch) {
    super(handler);
    this.#options = options;
    this.#next = next;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const { hop } = this.#options;
    if (status !== TOO_EARLY || hop.earlyData === "none") {
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    this.leave(controller);
    // In a microtask the rest of a short response has been read, and its connection is free again.
    queueMicrotask(() => {
      this.#repeat(controller);
    });
  }

  /** In a turn of its own: whatever is thrown then would end the process. */
  #repeat(controller: DispatchController): void {
    const { exchange, hop } = this.#options;
    try {
      exchange.signal?.throwIfAborted();
      hop.repeats = [...hop.repeats, "too-early"];
      this.#next(this.#options, this.handler);
    } catch (error) {
      this.handler.onResponseError?.(controller, error as Error);
    }
  }
}
