import type { Duplex } from "node:stream";
import { finished } from "node:stream";
import { TransportError } from "@fairlead/core";
import { type FrameSink, FrameReader, FrameWriter } from "../protocol/index.ts";

/** What is told of a link. */
export interface LinkEvents extends FrameSink {
  /** What came with one piece of the stream has been told. */
  onPause?(): void;
  /** The link is over, once; `undefined` where the other end closed it between two frames. */
  onClosed(error: Error | undefined): void;
}

/**
 * Frames over a stream, which is the link's own from then on. What is written during one turn of the event loop leaves
 * together. Whatever the other end does wrong ends the link.
 */
export class FrameLink {
  readonly writer = new FrameWriter();
  readonly #stream: Duplex;
  readonly #reader: FrameReader;
  readonly #events: LinkEvents;
  #isScheduled = false;
  #isEnding = false;
  #error: Error | undefined;

  constructor(stream: Duplex, events: LinkEvents) {
    this.#stream = stream;
    this.#events = events;
    this.#reader = new FrameReader(events);
    stream.on("data", (bytes: Uint8Array) => {
      this.#read(bytes);
    });
    finished(stream, { writable: false }, () => {
      this.end();
    });
    stream.on("error", (error: Error) => {
      this.#error ??= error;
    });
    stream.once("close", () => {
      events.onClosed(this.#closingError());
    });
  }

  /** Has what was written leave when this turn of the event loop is over. */
  flushSoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  /** Ends it when what was written has left. */
  end(): void {
    if (this.#isEnding) return;
    this.#flush();
    this.#isEnding = true;
    this.#stream.end(() => this.#stream.destroy());
  }

  /** Ends it at once. */
  destroy(error: Error): void {
    this.#error ??= error;
    this.#isEnding = true;
    this.#stream.destroy();
  }

  #read(bytes: Uint8Array): void {
    if (this.#error !== undefined) return;
    try {
      this.#reader.read(bytes);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new TransportError("TRANSPORT_FAILED", { cause: error }));
      return;
    }
    this.#events.onPause?.();
  }

  #flush(): void {
    const { writer } = this;
    if (this.#isEnding || writer.isEmpty) return;
    const chunks = writer.take();
    if (chunks.length > 1) this.#stream.cork();
    for (const chunk of chunks) this.#stream.write(chunk);
    if (chunks.length > 1) this.#stream.uncork();
  }

  #closingError(): Error | undefined {
    if (this.#error !== undefined) return this.#error;
    return this.#reader.isBetweenFrames ? undefined : new TransportError("CONNECTION_RESET", { operation: "read" });
  }
}
