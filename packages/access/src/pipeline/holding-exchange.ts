import type { DispatchController, ResponseFields } from "../dispatch.ts";
import { HeldResponse } from "./held-response.ts";
import { LeavingExchange } from "./leaving-exchange.ts";

/** Hands on all that happens to a request, unless its response is held until somebody has decided about it. */
export abstract class HoldingExchange extends LeavingExchange {
  #held: HeldResponse | undefined;

  /** Whether a response is held: what comes of it is kept. */
  protected get isHolding(): boolean {
    return this.#held !== undefined;
  }

  protected hold(...head: ConstructorParameters<typeof HeldResponse>): HeldResponse {
    this.#held = new HeldResponse(...head);
    return this.#held;
  }

  /** What is held comes, as if it came now. */
  protected pass(held: HeldResponse, signal: AbortSignal | undefined): void {
    held.passTo(this.handler, signal);
  }

  /** What is left of it is nobody's. */
  protected leaveHeld(controller: DispatchController, held: HeldResponse): void {
    this.#held = undefined;
    if (held.hasEnded) return;
    this.leave(controller);
    if (controller.paused) controller.resume();
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (this.#held === undefined) super.onResponseData(controller, chunk);
    else this.#held.data(chunk);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    if (this.#held === undefined) super.onResponseEnd(controller, trailers);
    else this.#held.end({ trailers });
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    if (this.#held === undefined) super.onResponseError(controller, error);
    else this.#held.end({ error });
  }
}
