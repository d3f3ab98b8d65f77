import type { DispatchController, ResponseFields } from "../dispatch.ts";
import { LeavingExchange } from "./leaving-exchange.ts";

/** A response that waits for a decision. */
export interface UndecidedResponse<Answer> {
  /** Gives the response to whoever asked, where it is not left. */
  readonly handOn: () => void;
  /** What the decision depends on. A rejection ends the request with that error. */
  readonly ask: () => Promise<Answer>;
  /** Tells whether the response is left; another was arranged for then. Not called when the response failed meanwhile. */
  readonly leaves: (answer: Answer) => boolean;
}

/**
 * Holds a response back while it is not known whether it is handed on or left for another. It is paused meanwhile, and what
 * came with its head is kept.
 */
export abstract class UndecidedExchange extends LeavingExchange {
  /** What is still to be handed on, while nothing is decided. */
  #held: (() => void)[] | undefined;
  #failed = false;

  protected hold<Answer>(controller: DispatchController, response: UndecidedResponse<Answer>): void {
    const held: (() => void)[] = [];
    this.#held = held;
    controller.pause();
    const decide = (answer: Answer): void => {
      if (this.#failed) return;
      this.#held = undefined;
      if (response.leaves(answer)) this.leave(controller);
      else response.handOn();
      for (const step of held) step();
      controller.resume();
    };
    response
      .ask()
      .then(decide)
      // Also what the handler throws, as if the connection had called it.
      .catch((error: unknown) => {
        if (!this.#failed) controller.abort(error as Error);
      });
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (this.#held === undefined) super.onResponseData(controller, chunk);
    else this.#held.push(() => super.onResponseData(controller, chunk));
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    if (this.#held === undefined) super.onResponseEnd(controller, trailers);
    else this.#held.push(() => super.onResponseEnd(controller, trailers));
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    this.#failed = true;
    super.onResponseError(controller, error);
  }
}
