import { Readable } from "node:stream";
import type { ReadableByteStreamController, UnderlyingByteSource } from "node:stream/web";

/** The body of the runtime's `Response`. */
export type ByteStream = NonNullable<Response["body"]>;

/** Gives up bodies that nobody can read any more, so that their connections can serve again, or end. */
const abandoned = new FinalizationRegistry<Readable>((source) => {
  source.destroy();
});

/**
 * Makes a body the web's stream of bytes. It reads when it is read from, and gives up the rest when it is cancelled, or
 * when nobody holds it any more.
 *
 * @param explain what a failure of the source is to those who read.
 */
export function byteStream(source: Readable, explain: (error: unknown) => unknown): ByteStream {
  const bytes = new ByteSource(source, explain);
  const stream = new ReadableStream(bytes);
  abandoned.register(stream, source);
  return stream;
}

/** Whether anything was read from a stream, or it was cancelled. */
export function isDisturbed(stream: ReadableStream): boolean {
  // It knows the web's streams, too; its types do not.
  return Readable.isDisturbed(stream as unknown as Readable);
}

/** Bytes that are read ahead of who reads the stream. */
const AHEAD_LIMIT_BYTES = 64 * 1024;

/** Between two pulls nothing here holds the stream: only then can it be found that nobody else does. */
class ByteSource implements UnderlyingByteSource {
  readonly type = "bytes";
  readonly #source: Readable;
  readonly #explain: (error: unknown) => unknown;
  #controller: WeakRef<ReadableByteStreamController> | undefined;
  readonly #chunks: Buffer[] = [];
  #aheadBytes = 0;
  /** Goes on with a pull that waits. */
  #wake: (() => void) | undefined;

  constructor(source: Readable, explain: (error: unknown) => unknown) {
    this.#source = source;
    this.#explain = explain;
    source.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#aheadBytes += chunk.length;
      if (this.#aheadBytes >= AHEAD_LIMIT_BYTES) source.pause();
      this.#wake?.();
    });
    source.on("end", () => this.#wake?.());
    source.on("error", () => undefined);
    source.on("close", () => {
      // Whoever gave it up hears nothing of it: the stream is closed by then.
      if (!source.readableEnded) this.#controller?.deref()?.error(this.#explain(source.errored));
      this.#wake?.();
    });
  }

  start(controller: ReadableByteStreamController): void {
    this.#controller = new WeakRef(controller);
  }

  pull(controller: ReadableByteStreamController): Promise<void> | undefined {
    if (this.#move(controller)) return undefined;
    return new Promise((resolve) => {
      this.#wake = (): void => {
        if (!this.#move(controller)) return;
        this.#wake = undefined;
        resolve();
      };
    });
  }

  cancel(reason: unknown): void {
    this.#source.destroy(reason instanceof Error ? reason : undefined);
  }

  /** Hands on what is there, or the end; false when that is nothing yet. */
  #move(controller: ReadableByteStreamController): boolean {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#aheadBytes -= chunk.length;
      if (this.#aheadBytes < AHEAD_LIMIT_BYTES && this.#source.isPaused()) this.#source.resume();
      // A copy: the stream takes the memory away that it is given, and other responses may have come into the same.
      controller.enqueue(new Uint8Array(chunk));
      return true;
    }
    if (this.#source.readableEnded) close(controller);
    return this.#source.readableEnded || this.#source.destroyed;
  }
}

/** A reader that brought its own memory gets it back empty. */
function close(controller: ReadableByteStreamController): void {
  try {
    controller.close();
    controller.byobRequest?.respond(0);
  } catch {
    // It has failed or was cancelled meanwhile, and whoever reads knows.
  }
}
