import { Duplex } from "node:stream";

/**
 * One end of a byte stream inside the process: what is written to one end is read from the other, which holds the writer
 * back while nobody reads. An end that is destroyed takes the other with it, unless it had said all that it had to say.
 */
export class InnerStream extends Duplex {
  #other: InnerStream | undefined;
  /** Called when this end has been read as far as what the other has written. */
  #onRead: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds of silence after which `timeout` is emitted; 0 for never. */
  timeout = 0;

  /** Joins two ends that were not joined before. */
  join(other: InnerStream): void {
    this.#other = other;
    other.#other = this;
  }

  override _read(): void {
    const onRead = this.#onRead;
    this.#onRead = undefined;
    onRead?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const other = this.#other;
    this.#stir();
    if (other === undefined || other.destroyed) {
      done(new Error("the other end is closed"));
      return;
    }
    other.#stir();
    if (other.push(chunk)) done();
    else other.#onRead = done;
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this._read();
    if (!this.writableFinished) this.#other?.destroy();
    done(error);
  }

  /** As `net.Socket` has it: silence for so long emits `timeout`, and ends nothing by itself. */
  setTimeout(milliseconds: number, onTimeout?: () => void): this {
    this.timeout = milliseconds;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (milliseconds > 0) {
      if (onTimeout !== undefined) this.once("timeout", onTimeout);
      this.#timer = setTimeout(() => this.emit("timeout"), milliseconds).unref();
    } else if (onTimeout !== undefined) {
      this.off("timeout", onTimeout);
    }
    return this;
  }

  /** Ends when all that was written has been handed over. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  #stir(): void {
    this.#timer?.refresh();
  }
}
