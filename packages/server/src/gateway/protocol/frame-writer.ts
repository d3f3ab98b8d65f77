import { Flag, FRAME_HEAD_LENGTH, FrameLimit, FrameType, MAGIC, VERSION } from "./frames.ts";
import type { Hello } from "./payloads.ts";

const SLAB_BYTES = 16_384;
/** Content up to this size is copied behind its frame's head; larger pieces go out as they are. */
const COPY_LIMIT = 4_096;

/** Writes frames, and keeps them until they are taken. */
export class FrameWriter {
  #slab = new Uint8Array(SLAB_BYTES);
  /** What of the slab is not taken yet. */
  #from = 0;
  #to = 0;
  #chunks: Uint8Array[] = [];
  readonly #utf8 = new TextEncoder();

  /** Whether there is nothing to take. */
  get isEmpty(): boolean {
    return this.#chunks.length === 0 && this.#from === this.#to;
  }

  /** All that was written, in order, for good. */
  take(): readonly Uint8Array[] {
    this.#cut();
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  hello({ requests, windowBytes }: Hello): void {
    this.#head(16, FrameType.hello, 0, 0);
    this.#uint32(MAGIC);
    this.#uint32(VERSION << 16);
    this.#uint32(requests);
    this.#uint32(windowBytes);
  }

  /** @param text as `formatPairs` makes it. */
  pairs(
    type: typeof FrameType.request | typeof FrameType.interim | typeof FrameType.response | typeof FrameType.trailers,
    flags: number,
    request: number,
    text: string,
  ): void {
    const length = text.length;
    this.#head(length, type, flags, request);
    const slab = this.#slab;
    const to = this.#to;
    for (let index = 0; index < length; index += 1) slab[to + index] = text.charCodeAt(index);
    this.#to = to + length;
  }

  /** @param bytes not changed before they are taken and sent. */
  data(request: number, bytes: Uint8Array, isEnd: boolean): void {
    let rest = bytes;
    while (rest.length > FrameLimit.data) {
      this.#piece(request, rest.subarray(0, FrameLimit.data), false);
      rest = rest.subarray(FrameLimit.data);
    }
    this.#piece(request, rest, isEnd);
  }

  credit(request: number, octets: number): void {
    this.#head(4, FrameType.credit, 0, request);
    this.#uint32(octets);
  }

  /** @param detail for people, cut where it is too long. */
  cancel(request: number, reason: number, detail: string): void {
    const text = this.#utf8.encode(detail).subarray(0, FrameLimit.text - 2);
    this.#head(2 + text.length, FrameType.cancel, 0, request);
    this.#put(Uint8Array.of(reason >> 8, reason));
    this.#put(text);
  }

  ping(mark: number): void {
    this.#head(8, FrameType.ping, 0, 0);
    this.#uint32(0);
    this.#uint32(mark);
  }

  /** @param memoryBytes what this worker takes; 0 where it does not know. */
  pong(mark: number, memoryBytes: number): void {
    this.#head(16, FrameType.pong, 0, 0);
    this.#uint32(0);
    this.#uint32(mark);
    this.#uint32(Math.floor(memoryBytes / 2 ** 32));
    this.#uint32(memoryBytes % 2 ** 32);
  }

  drain(): void {
    this.#head(0, FrameType.drain, 0, 0);
  }

  /** @param text one line; cut where it is too long. */
  log(request: number, level: number, text: string): void {
    const bytes = this.#utf8.encode(text).subarray(0, FrameLimit.text - 1);
    this.#head(1 + bytes.length, FrameType.log, 0, request);
    this.#put(Uint8Array.of(level));
    this.#put(bytes);
  }

  #piece(request: number, bytes: Uint8Array, isEnd: boolean): void {
    const flags = isEnd ? Flag.end : 0;
    if (bytes.length <= COPY_LIMIT) {
      this.#head(bytes.length, FrameType.data, flags, request);
      this.#put(bytes);
      return;
    }
    this.#head(bytes.length, FrameType.data, flags, request, 0);
    this.#cut();
    this.#chunks.push(bytes);
  }

  /** Writes a frame's head, and makes room for what is put behind it. */
  #head(length: number, type: number, flags: number, request: number, put = length): void {
    if (this.#slab.length - this.#to < FRAME_HEAD_LENGTH + put) {
      this.#cut();
      this.#slab = new Uint8Array(Math.max(SLAB_BYTES, FRAME_HEAD_LENGTH + put));
      this.#from = 0;
      this.#to = 0;
    }
    this.#uint32(length);
    this.#uint32(((type << 24) | (flags << 16)) >>> 0);
    this.#uint32(request);
  }

  #uint32(value: number): void {
    const slab = this.#slab;
    const to = this.#to;
    slab[to] = value >>> 24;
    slab[to + 1] = value >>> 16;
    slab[to + 2] = value >>> 8;
    slab[to + 3] = value;
    this.#to = to + 4;
  }

  #put(bytes: Uint8Array): void {
    this.#slab.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  #cut(): void {
    if (this.#from === this.#to) return;
    this.#chunks.push(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
