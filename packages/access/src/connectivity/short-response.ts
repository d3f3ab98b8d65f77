import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";

/** As much of a response as was wanted. */
export interface ShortResponse {
  readonly status: number;
  readonly fields: ResponseFields;
  readonly content: Uint8Array;
  /** Whether there was more, which was not read. */
  readonly isCut: boolean;
}

/** How much of the content is read, by the status; past it the connection is closed. `undefined` for not even the first byte. */
export type ContentLimit = (status: number) => number | undefined;

/** Sends a request, and reads a short response. @throws what it failed with, or the signal's reason. */
export function readShortResponse(
  dispatch: Dispatch,
  options: HopOptions,
  limit: ContentLimit,
): Promise<ShortResponse> {
  const receiver = new ShortReceiver(limit);
  dispatch(options, receiver);
  return receiver.response.promise;
}

class ShortReceiver implements DispatchHandler {
  readonly response = Promise.withResolvers<ShortResponse>();
  readonly #limit: ContentLimit;
  #head: Pick<ShortResponse, "status" | "fields"> | undefined;
  #limitBytes: number | undefined;
  readonly #chunks: Buffer[] = [];
  #sizeBytes = 0;

  constructor(limit: ContentLimit) {
    this.#limit = limit;
  }

  /** Whoever has it is an engine's handler, by undici's own test. */
  onRequestStart(): void {
    return undefined;
  }

  onResponseStart(controller: DispatchController, status: number, fields: ResponseFields): void {
    if (status < 200) return;
    this.#head = { status, fields };
    this.#limitBytes = this.#limit(status);
    if (this.#limitBytes === undefined) this.#finish(controller);
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > (this.#limitBytes ?? 0)) this.#finish(controller);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#answer(false);
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    this.response.reject(error);
  }

  #finish(controller: DispatchController): void {
    this.#answer(true);
    controller.abort(new DOMException("the rest of the response was not wanted", "AbortError"));
  }

  #answer(isCut: boolean): void {
    if (this.#head === undefined) return;
    this.response.resolve({ ...this.#head, content: Buffer.concat(this.#chunks), isCut });
  }
}
