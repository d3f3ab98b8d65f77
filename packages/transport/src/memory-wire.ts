import { constants } from "node:os";

/** What the reading end does with what arrives. */
export interface WireReader {
  /** Takes a chunk; returns false when no more should come before the next `pull`. */
  push(chunk: Buffer | null): boolean;
}

/**
 * One direction of a memory pair: a bounded queue of bytes, where a real socket has the kernel's buffers.
 *
 * A write is done when its last byte is in the queue. Bytes are delivered in a later turn of the event loop, never from
 * inside `write`, as a socket does it; and they are copied, so that the writer may reuse its buffer.
 */
export class MemoryWire {
  readonly #capacityBytes: number;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  /** What did not fit yet, and whom to tell when it does. */
  #waiting: { readonly rest: Buffer; readonly done: (error?: Error) => void } | undefined;
  #reader: WireReader | undefined;
  #pulled = false;
  #scheduled = false;
  #writerEnded = false;
  #endDelivered = false;
  #readerGone = false;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  /** Names the reading end. */
  attach(reader: WireReader): void {
    this.#reader = reader;
  }

  /** Whether bytes were written that the reader has not taken. */
  get hasUndelivered(): boolean {
    return this.#queuedBytes > 0 || this.#waiting !== undefined;
  }

  write(chunk: Buffer, done: (error?: Error) => void): void {
    if (this.#readerGone) {
      // Later, like every answer of a socket.
      setImmediate(done, systemError("EPIPE", "write"));
      return;
    }
    this.#waiting = { rest: chunk, done };
    this.#accept();
  }

  /** No more bytes will be written; those in the queue are still delivered. */
  end(): void {
    this.#writerEnded = true;
    this.#schedule();
  }

  /** The writer is gone. A write that was not accepted whole is cancelled; the part that was accepted is delivered. */
  cancel(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.done(systemError("ECANCELED", "write"));
    this.end();
  }

  /** The reader wants bytes. */
  pull(): void {
    this.#pulled = true;
    this.#schedule();
  }

  /** The reader is gone: what is queued is dropped, and later writes fail with EPIPE. */
  hangUp(): void {
    this.#readerGone = true;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  #accept(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const room = this.#capacityBytes - this.#queuedBytes;
    const part = Buffer.from(waiting.rest.subarray(0, room));
    if (part.length > 0) this.#queue.push(part);
    this.#queuedBytes += part.length;
    if (part.length === waiting.rest.length) {
      this.#waiting = undefined;
      setImmediate(waiting.done);
    } else {
      this.#waiting = { rest: waiting.rest.subarray(part.length), done: waiting.done };
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || !this.#pulled || this.#endDelivered || this.#readerGone) return;
    if (this.#queuedBytes === 0 && !this.#writerEnded) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (this.#pulled && !this.#readerGone) {
      const chunk = this.#queue.shift();
      if (chunk === undefined) break;
      this.#queuedBytes -= chunk.length;
      this.#pulled = this.#reader?.push(chunk) ?? false;
    }
    this.#accept();
    if (this.#writerEnded && !this.hasUndelivered && !this.#endDelivered && !this.#readerGone) {
      this.#endDelivered = true;
      this.#reader?.push(null);
    }
  }
}

/** An error as the system's calls report it: message, `code`, `errno` and `syscall`. */
export function systemError(code: "ECANCELED" | "ECONNRESET" | "EPIPE", syscall: "read" | "write"): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, errno: -constants.errno[code], syscall });
}
