import type { Duplex } from "node:stream";

/** How long is read, and what an end before that means. */
export interface Reading<T> {
  /** Takes a piece; an answer ends the reading, and its `rest` goes back into the stream. */
  readonly take: (chunk: Buffer) => { readonly answer: T; readonly rest?: Uint8Array | undefined } | undefined;
  /** Names what the stream broke off with; without an error it ended or was closed. */
  readonly failure: (error: Error | undefined) => Error;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the beginning of a stream and leaves the rest of it to whoever is given the stream next: nothing is lost, and no
 * listener stays. All that is there is taken at once.
 *
 * @throws what `take` throws; what `failure` makes; or the signal's reason. The stream is left as it is.
 */
export function readUntil<T>(below: Duplex, { take, failure, signal }: Reading<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = (): void => {
    below.off("readable", onReadable);
    below.off("error", onError);
    below.off("end", onClose);
    below.off("close", onClose);
    signal?.removeEventListener("abort", onAbort);
  };
  const fail = (reason: unknown): void => {
    stop();
    reject(reason);
  };
  const onReadable = (): void => {
    try {
      // A stream of bytes gives nothing else.
      for (let chunk = below.read() as Buffer | null; chunk !== null; chunk = below.read() as Buffer | null) {
        const found = take(chunk);
        if (found === undefined) continue;
        // Listening for more would read it.
        stop();
        if (found.rest !== undefined && found.rest.length > 0) below.unshift(found.rest);
        resolve(found.answer);
        return;
      }
    } catch (error) {
      fail(error);
    }
  };
  const onError = (error: Error): void => fail(failure(error));
  const onClose = (): void => fail(failure(undefined));
  const onAbort = (): void => fail(signal?.reason);

  below.on("error", onError);
  below.on("end", onClose);
  below.on("close", onClose);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) onAbort();
  else {
    below.on("readable", onReadable);
    onReadable();
  }
  return promise;
}
