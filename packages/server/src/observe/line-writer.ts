import type { Writable } from "node:stream";

/** How lines are written. */
export interface LineWriterOptions {
  /** Octets that wait for a slow reader; what does not fit is dropped and counted. */
  readonly bufferBytes: number;
  /** The line that says so, once there is room again. */
  readonly dropped: (count: number) => string;
}

/**
 * Writes lines to a stream, those of one turn at once, and never more than fit: a server does not wait for its log. A
 * stream that fails takes no more, and everything is counted as dropped.
 */
export class LineWriter {
  readonly #stream: Writable;
  readonly #options: LineWriterOptions;
  #waiting = "";
  #isScheduled = false;
  #dropped = 0;
  #droppedInAll = 0;

  constructor(stream: Writable, options: LineWriterOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on("drain", () => this.#write());
    stream.on("error", () => this.#drop());
    stream.on("close", () => this.#drop());
  }

  /** Lines that were never written. */
  get dropped(): number {
    return this.#droppedInAll;
  }

  /** @param line with its end. */
  add(line: string): void {
    const length = this.#waiting.length + this.#stream.writableLength;
    if (!this.#stream.writable || length + line.length > this.#options.bufferBytes) {
      this.#dropped += 1;
      this.#droppedInAll += 1;
      return;
    }
    if (this.#dropped > 0) {
      this.#waiting += this.#options.dropped(this.#dropped);
      this.#dropped = 0;
    }
    this.#waiting += line;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#write();
    });
  }

  /** Resolves when what was added so far has been written, or never will be. */
  async flush(): Promise<void> {
    this.#write();
    const stream = this.#stream;
    while (stream.writable && (this.#waiting !== "" || stream.writableLength > 0)) {
      await new Promise<void>((resolve) => {
        stream.write("", () => resolve());
      });
      this.#write();
    }
  }

  #write(): void {
    if (this.#waiting === "" || this.#stream.writableNeedDrain || !this.#stream.writable) return;
    const lines = this.#waiting;
    this.#waiting = "";
    this.#stream.write(lines);
  }

  #drop(): void {
    const lines = this.#waiting.split("\n").length - 1;
    this.#waiting = "";
    this.#dropped += lines;
    this.#droppedInAll += lines;
  }
}
