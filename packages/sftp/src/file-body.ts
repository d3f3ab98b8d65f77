import { untilAborted } from "@fairlead/access";
import { ProtocolError } from "@fairlead/core";
import type { ByteRange } from "@fairlead/http/range";
import type { Handle, SftpSession } from "./session.ts";

/** What every server sends in one answer. draft-ietf-secsh-filexfer-02 section 3. */
const CHUNK_BYTES = 32 * 1024;
/** Reads that are under way at first; every one that is taken lets one more follow, so that a small file asks little. */
const FIRST_READS = 4;
const READS_LIMIT = 64;

/** What a body is read from. */
export interface OpenFile {
  readonly session: SftpSession;
  readonly handle: Handle;
  readonly peer: string;
  readonly signal: AbortSignal;
  /** Is called once, when nothing more is read. */
  onEnd(): void;
}

/** A part of a file, read ahead of whoever takes it, and not further than a window. Closes the file when it ends. */
export class FileBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #file: OpenFile;
  readonly #reads: Promise<Uint8Array>[] = [];
  readonly #last: number;
  #next: number;
  #window = FIRST_READS;
  #isOpen = true;

  /** @param range of bytes that the file is known to have; `undefined` for none. */
  constructor(file: OpenFile, range: ByteRange | undefined) {
    this.#file = file;
    this.#next = range?.first ?? 0;
    this.#last = range?.last ?? -1;
    file.signal.addEventListener("abort", this.#onAbort);
    if (file.signal.aborted) this.#onAbort();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#isOpen) this.#file.signal.throwIfAborted();
    try {
      this.#readAhead();
      const first = this.#reads.shift();
      if (first === undefined) return this.#end();
      const value = await untilAborted([this.#file.signal], () => first);
      this.#window = Math.min(READS_LIMIT, this.#window + 1);
      this.#readAhead();
      return { done: false, value };
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.#end();
  }

  readonly #onAbort = (): void => {
    this.#end();
  };

  #readAhead(): void {
    while (this.#isOpen && this.#reads.length < this.#window && this.#next <= this.#last) {
      const length = Math.min(CHUNK_BYTES, this.#last - this.#next + 1);
      const read = this.#readWhole(this.#next, length);
      // Whoever takes it hears of it.
      read.catch(() => undefined);
      this.#reads.push(read);
      this.#next += length;
    }
  }

  /** A server may send less than was asked for, although there is more. */
  async #readWhole(position: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafeSlow(length);
    const { session, handle, peer } = this.#file;
    for (let done = 0; done < length; ) {
      const count = await session.read(handle, buffer.subarray(done), position + done);
      if (count === 0) {
        const detail = `the file ended at byte ${String(position + done)}`;
        throw new ProtocolError("RESPONSE_TRUNCATED", { peer, operation: "read", detail });
      }
      done += count;
    }
    return buffer;
  }

  #end(): IteratorReturnResult<undefined> {
    if (this.#isOpen) {
      this.#isOpen = false;
      const { signal, session, handle } = this.#file;
      signal.removeEventListener("abort", this.#onAbort);
      session.closeSoon(handle);
      this.#file.onEnd();
    }
    return { done: true, value: undefined };
  }
}
