import type { DispatchController, ResponseFields } from "../dispatch.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** Bytes of a response that is left which are read to keep its connection; past this it is closed. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** How long it may take to come, for the same reason: a peer that drips it would hold the connection, and `close()`. */
const BODY_MILLISECONDS = 1_000;

/** Hands on all that happens to a request, until its response is left for another: the rest of that is nobody's. */
export abstract class LeavingExchange extends PassingExchange {
  #left = false;
  #drained = 0;
  /** Runs while the rest is read. */
  #patience: NodeJS.Timeout | undefined;
  /** Nothing more comes of this response. */
  #over = false;

  /** Whether the response was left: what else comes of it is nobody's. */
  protected get hasLeft(): boolean {
    return this.#left;
  }

  /** Leaves the response; what is left of it is read, so that its connection can serve again. */
  protected leave(controller: DispatchController): void {
    this.#left = true;
    queueMicrotask(() => {
      if (this.#over) return;
      this.#patience = setTimeout(() => {
        controller.abort(notNeeded());
      }, BODY_MILLISECONDS);
    });
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (!this.#left) {
      super.onResponseData(controller, chunk);
      return;
    }
    this.#drained += chunk.length;
    if (this.#drained > BODY_LIMIT_BYTES) controller.abort(notNeeded());
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    this.#end();
    if (!this.#left) super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    this.#end();
    if (!this.#left) super.onResponseError(controller, error);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#patience);
  }
}

function notNeeded(): Error {
  return new Error("the rest of this response is not needed");
}
