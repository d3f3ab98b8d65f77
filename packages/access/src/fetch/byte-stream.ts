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
export function byteStream(source: Readable, explain: (error: Error) => unknown): ByteStream {
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

/** Between two pulls nothing here holds the stream: only then can it be found that nobody else does. */
class ByteSource implements UnderlyingByteSource {
  readonly type = "bytes";
  readonly #source: Readable;
  readonly #explain: (error: Error) => unknown;
  #controller: WeakRef<ReadableByteStreamController> | undefined;
  /** Goes on with a pull that waits. */
  #wake: (() => void) | undefined;

  constructor(source: Readable, explain: (error: Error) => unknown) {
    this.#source = source;
    this.#explain = explain;
    const wake = (): void => {
      this.#wake?.();
    };
    source.on("readable", wake).on("end", wake).on("close", wake);
    source.on("error", (error) => {
      this.#controller?.deref()?.error(this.#explain(error));
      wake();
    });
  }

  start(controller: ReadableByteStreamController): void {
    this.#controller = new WeakRef(controller);
    const { errored } = this.#source;
    if (errored !== null) controller.error(this.#explain(errored));
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

  /** Hands on what is there; false when that is nothing yet. */
  #move(controller: ReadableByteStreamController): boolean {
    const chunk = this.#source.read() as Buffer | null;
    if (chunk !== null) {
      // A copy: the stream takes the memory away that it is given, and other responses may have come into the same.
      controller.enqueue(new Uint8Array(chunk));
      return true;
    }
    const { readableEnded, destroyed } = this.#source;
    if (readableEnded || destroyed) {
      close(controller);
      return true;
    }
    return false;
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
