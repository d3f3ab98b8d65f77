import { Readable } from "node:stream";
import type { ReadableByteStreamController, UnderlyingByteSource } from "node:stream/web";
import type { BodySource } from "../exchange/index.ts";

/** The body of the platform's `Request` and `Response`. */
export type ByteStream = NonNullable<Response["body"]>;

/** Makes content the web's stream of bytes, which reads when it is read from, and never ahead. */
export function bodyStream(source: BodySource): ByteStream {
  return new ReadableStream(new SourceOfBody(source), { highWaterMark: 0 });
}

/** Whether anything was read from a stream, or it was cancelled. */
export function isDisturbed(stream: ByteStream): boolean {
  // It knows the web's streams, too; its types do not.
  return Readable.isDisturbed(stream as unknown as Readable);
}

/** What is left of a body that was read whole: as after any reading, nobody else can have it. */
export function readStream(): ByteStream {
  const stream: ByteStream = new ReadableStream({ type: "bytes" });
  void stream.getReader().cancel();
  return stream;
}

class SourceOfBody implements UnderlyingByteSource {
  readonly type = "bytes";
  readonly #source: BodySource;

  constructor(source: BodySource) {
    this.#source = source;
  }

  async pull(controller: ReadableByteStreamController): Promise<void> {
    const bytes = await this.#source.read();
    if (bytes === undefined) {
      controller.close();
      // A reader that brought its own memory gets it back empty.
      controller.byobRequest?.respond(0);
    } else {
      // A copy: the stream takes the memory away that it is given, in which the connection may have more.
      controller.enqueue(new Uint8Array(bytes));
    }
  }

  cancel(reason: unknown): void {
    this.#source.cancel(reason);
  }
}
