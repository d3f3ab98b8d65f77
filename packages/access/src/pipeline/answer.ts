import type { DispatchController, DispatchHandler } from "../dispatch.ts";

/** A response that no server gave. */
export interface SyntheticResponse {
  readonly status: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Answers a request from within, in a microtask, as an engine would: without a body. */
export function answer(handler: DispatchHandler, response: SyntheticResponse): true {
  queueMicrotask(() => {
    const controller = new SyntheticController(response.fields);
    try {
      handler.onRequestStart?.(controller, {});
      if (!controller.aborted) {
        handler.onResponseStart?.(controller, response.status, { ...response.fields }, response.message);
      }
      controller.whenResumed(() => {
        if (!controller.aborted) handler.onResponseEnd?.(controller, {});
      });
    } catch (error) {
      controller.abort(error instanceof Error ? error : new Error(String(error)));
    }
    if (controller.reason !== null) handler.onResponseError?.(controller, controller.reason);
  });
  return true;
}

/** Ends a request that never began. */
export function answerError(handler: DispatchHandler, error: Error): true {
  queueMicrotask(() => {
    handler.onResponseError?.(new SyntheticController({}), error);
  });
  return true;
}

class SyntheticController implements DispatchController {
  readonly rawHeaders: Buffer[];
  readonly rawTrailers = null;
  paused = false;
  reason: Error | null = null;
  #onResume: (() => void) | undefined;

  constructor(fields: Readonly<Record<string, string>>) {
    this.rawHeaders = Object.entries(fields)
      .flat()
      .map((text) => Buffer.from(text, "latin1"));
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  abort(reason: Error): void {
    this.reason ??= reason;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    const onResume = this.#onResume;
    this.#onResume = undefined;
    onResume?.();
  }

  whenResumed(then: () => void): void {
    if (this.paused) this.#onResume = then;
    else then();
  }
}
