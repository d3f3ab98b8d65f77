import type { DispatchController, DispatchHandler } from "../dispatch.ts";
import { failedController } from "../pool/failed-controller.ts";

/** A response that no server gave. */
export interface SyntheticResponse {
  readonly status: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Answers a request from within, in a microtask, as an engine would: without a body. */
export function answer(handler: DispatchHandler, response: SyntheticResponse): true {
  const controller = new SyntheticController(handler, response);
  queueMicrotask(() => {
    controller.begin();
  });
  return true;
}

/** Ends a request that never began. */
export function answerError(handler: DispatchHandler, error: Error): true {
  queueMicrotask(() => {
    handler.onResponseError?.(failedController, error);
  });
  return true;
}

/** Plays the engine for one response: head, then end, unless the handler aborts, now or while it has paused. */
class SyntheticController implements DispatchController {
  readonly rawHeaders: Buffer[];
  readonly rawTrailers = null;
  paused = false;
  aborted = false;
  reason: Error | null = null;
  readonly #handler: DispatchHandler;
  readonly #response: SyntheticResponse;
  #headed = false;
  #ended = false;

  constructor(handler: DispatchHandler, response: SyntheticResponse) {
    this.#handler = handler;
    this.#response = response;
    this.rawHeaders = Object.entries(response.fields)
      .flat()
      .map((text) => Buffer.from(text, "latin1"));
  }

  begin(): void {
    const { status, fields, message } = this.#response;
    this.#run(() => this.#handler.onRequestStart?.(this, {}));
    this.#run(() => this.#handler.onResponseStart?.(this, status, { ...fields }, message));
    this.#headed = true;
    this.#end();
  }

  abort(reason: Error): void {
    if (this.aborted || this.#ended) return;
    this.aborted = true;
    this.reason = reason;
    this.#handler.onResponseError?.(this, reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#end();
  }

  #end(): void {
    if (!this.#headed || this.paused || this.#ended) return;
    this.#run(() => {
      this.#ended = true;
      this.#handler.onResponseEnd?.(this, {});
    });
  }

  /** What a handler throws is the end of its request, as with an engine. */
  #run(step: () => void): void {
    if (this.aborted) return;
    try {
      step();
    } catch (error) {
      this.#ended = false;
      this.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
