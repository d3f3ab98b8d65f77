import type { DispatchController, DispatchHandler, ResponseFields } from "../dispatch.ts";

/** Bytes that are kept of a response that is held; past this its connection waits. */
const HELD_LIMIT_BYTES = 64 * 1024;

/**
 * A response that is held back until somebody has decided about it. It is read meanwhile, so that its connection need not
 * wait for the decision. Then it comes, as if it came now.
 */
export class HeldResponse implements DispatchController {
  reason: Error | null = null;
  readonly #live: DispatchController;
  readonly #head: readonly [status: number, fields: ResponseFields, message: string | undefined];
  #handler: DispatchHandler | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #end: { readonly trailers: ResponseFields } | { readonly error: Error } | undefined;
  #unlisten: (() => void) | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(live: DispatchController, status: number, fields: ResponseFields, message: string | undefined) {
    this.#live = live;
    this.#head = [status, fields, message];
  }

  /** Whether nothing more of it will come. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Takes what came of it. */
  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#handler !== undefined) this.#flush();
    else if (this.#bytes > HELD_LIMIT_BYTES) this.#live.pause();
  }

  /** Takes its end. */
  end(end: { readonly trailers: ResponseFields } | { readonly error: Error }): void {
    this.#end ??= end;
    if (this.#handler !== undefined) this.#flush();
  }

  /** Lets it come. @param signal which ends it also when all of it is here. */
  passTo(handler: DispatchHandler, signal: AbortSignal | undefined): void {
    this.#handler = handler;
    if (signal !== undefined) {
      const onAbort = (): void => {
        this.abort(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort);
      this.#unlisten = (): void => {
        signal.removeEventListener("abort", onAbort);
      };
    }
    this.#run(() => handler.onResponseStart?.(this, ...this.#head));
    this.#flush();
  }

  get rawHeaders(): NonNullable<DispatchController["rawHeaders"]> | null {
    return this.#live.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<DispatchController["rawTrailers"]> | null {
    return this.#live.rawTrailers ?? null;
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  get paused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
    if (!this.hasEnded) this.#live.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#flush();
  }

  abort(reason: Error): void {
    if (this.aborted || this.#isOver) return;
    this.reason = reason;
    this.#chunks = [];
    if (!this.hasEnded) this.#live.abort(reason);
    // What had ended is ended by it all the same; a live one has said so by now.
    this.#finish({ error: reason });
  }

  #flush(): void {
    while (!this.#isPaused && !this.#isOver) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) break;
      this.#run(() => this.#handler?.onResponseData?.(this, chunk));
    }
    if (this.#isPaused || this.#isOver) return;
    if (this.#end !== undefined) this.#finish(this.#end);
    else if (this.#live.paused) this.#live.resume();
  }

  #finish(end: { readonly trailers: ResponseFields } | { readonly error: Error }): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unlisten?.();
    if ("error" in end) this.#handler?.onResponseError?.(this, end.error);
    else this.#run(() => this.#handler?.onResponseEnd?.(this, end.trailers));
  }

  /** What a handler throws is the end of its request, as with an engine. */
  #run(step: () => void): void {
    if (this.#isOver && this.aborted) return;
    try {
      step();
    } catch (error) {
      this.#isOver = false;
      this.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
