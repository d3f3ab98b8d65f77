import { Duplex } from "node:stream";

/**
 * A stream that stands for one which is still being opened: what is written waits for it, and destroying this one gives
 * up the opening. For libraries that take no promise.
 */
export class LaterStream extends Duplex {
  readonly #ended = new AbortController();
  readonly #opening: Promise<Duplex>;
  #stream: Duplex | undefined;

  constructor(open: (signal: AbortSignal) => Promise<Duplex>) {
    super({ allowHalfOpen: true });
    this.#opening = open(this.#ended.signal);
    this.#opening.then(
      (stream) => this.#join(stream),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  override _read(): void {
    this.#stream?.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#whenOpen((stream) => stream.write(chunk, encoding, done));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenOpen((stream) => stream.end(done));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ended.abort(error ?? new Error("the stream was destroyed"));
    this.#stream?.destroy();
    done(error);
  }

  #join(stream: Duplex): void {
    if (this.destroyed) {
      stream.on("error", () => undefined).destroy();
      return;
    }
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.on("end", () => this.push(null));
    stream.on("error", (error) => this.destroy(error));
    // After an end, what is left can still be read.
    stream.on("close", () => stream.readableEnded || this.destroy());
  }

  /** What the opening fails with has destroyed this stream already. */
  #whenOpen(use: (stream: Duplex) => void): void {
    this.#opening.then(use, () => undefined);
  }
}
