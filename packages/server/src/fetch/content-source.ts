import type { BodySource, FlatFields } from "../exchange/index.ts";

const NO_TRAILERS: FlatFields = [];

/** Reads the web's stream of bytes as content. It is locked from then on. */
export function streamSource(stream: ReadableStream<Uint8Array>): BodySource {
  const reader = stream.getReader();
  return {
    length: undefined,
    trailers: NO_TRAILERS,
    async read() {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        if (asBytes(value).length > 0) return value;
      }
    },
    cancel(reason) {
      // What a source makes of being cancelled is its own business.
      reader.cancel(reason).catch(() => undefined);
    },
  };
}

/** Reads pieces from whatever gives them, a stream of Node.js or a generator, as content. */
export function iterableSource(iterable: AsyncIterable<Uint8Array>): BodySource {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  return {
    length: undefined,
    trailers: NO_TRAILERS,
    async read() {
      iterator ??= iterable[Symbol.asyncIterator]();
      for (;;) {
        const result = await iterator.next();
        if (result.done === true) return undefined;
        if (asBytes(result.value).length > 0) return result.value;
      }
    },
    cancel(reason) {
      if (isDestroyable(iterable)) iterable.destroy();
      iterator ??= iterable[Symbol.asyncIterator]();
      iterator.return?.(reason).catch(() => undefined);
    },
  };
}

/** Bytes that are there already, as content. */
export function bytesSource(bytes: Uint8Array): BodySource {
  let rest: Uint8Array | undefined = bytes.length === 0 ? undefined : bytes;
  return {
    length: bytes.length,
    trailers: NO_TRAILERS,
    read() {
      const piece = rest;
      rest = undefined;
      return Promise.resolve(piece);
    },
    cancel() {
      rest = undefined;
    },
  };
}

/** Whether this is what is read piece by piece already. */
export function isBodySource(content: object): content is BodySource {
  return "read" in content && "cancel" in content && "trailers" in content;
}

/** A handler in JavaScript may give anything. */
function asBytes(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  throw new TypeError("a body gave something that is no Uint8Array");
}

/** A stream of Node.js that waits for data ends at once when it is destroyed, and not at its next piece. */
function isDestroyable(iterable: object): iterable is { destroy(): void } {
  return "destroy" in iterable && typeof iterable.destroy === "function";
}
