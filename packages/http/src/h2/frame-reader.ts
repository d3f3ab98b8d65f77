import { Http2Fault } from "./fault.ts";
import { DEFAULT_FRAME_SIZE, ErrorCode, Flag, FRAME_HEAD_LENGTH, FrameType } from "./frames.ts";
import { Octets } from "./octets.ts";

/** What is told of frames, in the order in which they come. */
export interface FrameSink {
  /** A whole frame of any type but DATA; its payload may be looked at during the call only. */
  onFrame(type: number, flags: number, stream: number, payload: Uint8Array): void;
  /** A DATA frame begins; `length` is what counts for flow control. */
  onDataFrame(stream: number, length: number, isEmpty: boolean): void;
  /** A part of its data, without padding. It stays as it is. */
  onData(stream: number, data: Uint8Array): void;
  /** So many octets of a DATA frame were padding, and the length of it. */
  onPadding(stream: number, length: number): void;
  /** It was the last of its stream. */
  onDataEnd(stream: number): void;
}

/**
 * Cuts a stream of octets into frames. Data is handed on as it comes; any other frame is gathered, and can be no larger
 * than the 16 KiB that every endpoint takes.
 *
 * @see RFC 9113 section 4.1
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #head = new Uint8Array(FRAME_HEAD_LENGTH);
  #headLength = 0;
  #type = 0;
  #flags = 0;
  #stream = 0;
  /** Octets of the payload that are still to come; -1 before the frame's head. */
  #left = -1;
  /** Of them the padding at the end; -1 while that is not known. */
  #padding = 0;
  readonly #payload = new Octets();

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Whether a frame has come in part that is no DATA. */
  get isGathering(): boolean {
    return this.#left > 0 && this.#type !== FrameType.data;
  }

  /**
   * Takes in what came.
   *
   * @throws Http2Fault, also whatever the sink throws; nothing may be read after it.
   */
  read(bytes: Uint8Array): void {
    let position = 0;
    while (position < bytes.length || this.#left === 0) {
      if (this.#left === -1) {
        position += this.#readHead(bytes, position);
        if (this.#headLength > 0) return;
      }
      position = this.#type === FrameType.data ? this.#readData(bytes, position) : this.#gather(bytes, position);
    }
  }

  /** Reads a head, or a part of one, and returns how long that was. */
  #readHead(bytes: Uint8Array, position: number): number {
    if (this.#headLength === 0 && bytes.length - position >= FRAME_HEAD_LENGTH) {
      this.#begin(bytes, position);
      return FRAME_HEAD_LENGTH;
    }
    const count = Math.min(FRAME_HEAD_LENGTH - this.#headLength, bytes.length - position);
    this.#head.set(bytes.subarray(position, position + count), this.#headLength);
    this.#headLength += count;
    if (this.#headLength === FRAME_HEAD_LENGTH) {
      this.#headLength = 0;
      this.#begin(this.#head, 0);
    }
    return count;
  }

  #begin(head: Uint8Array, at: number): void {
    const length = ((head[at] ?? 0) << 16) | ((head[at + 1] ?? 0) << 8) | (head[at + 2] ?? 0);
    this.#type = head[at + 3] ?? 0;
    this.#flags = head[at + 4] ?? 0;
    // The first bit is reserved, and ignored.
    this.#stream =
      (((head[at + 5] ?? 0) & 0x7f) << 24) |
      ((head[at + 6] ?? 0) << 16) |
      ((head[at + 7] ?? 0) << 8) |
      (head[at + 8] ?? 0);
    if (length > DEFAULT_FRAME_SIZE) {
      throw new Http2Fault(ErrorCode.frameSizeError, "a frame larger than allowed");
    }
    this.#left = length;
    this.#padding = 0;
    if (this.#type !== FrameType.data) return;
    const isPadded = (this.#flags & Flag.padded) !== 0;
    if (isPadded && length === 0) throw new Http2Fault(ErrorCode.frameSizeError, "padding without its length");
    if (isPadded) this.#padding = -1;
    this.#sink.onDataFrame(this.#stream, length, length === 0 && (this.#flags & Flag.endStream) === 0);
  }

  #readData(bytes: Uint8Array, from: number): number {
    let position = from;
    if (this.#padding === -1 && position < bytes.length) {
      this.#padding = bytes[position] ?? 0;
      position += 1;
      this.#left -= 1;
      if (this.#padding > this.#left) throw new Http2Fault(ErrorCode.protocolError, "padding larger than its frame");
    }
    const data = Math.min(bytes.length - position, this.#left - this.#padding);
    if (data > 0) {
      this.#left -= data;
      this.#sink.onData(this.#stream, bytes.subarray(position, position + data));
      position += data;
    }
    const skipped = Math.min(bytes.length - position, this.#left);
    this.#left -= skipped;
    if (this.#left === 0) {
      this.#left = -1;
      if ((this.#flags & Flag.padded) !== 0) this.#sink.onPadding(this.#stream, this.#padding + 1);
      if ((this.#flags & Flag.endStream) !== 0) this.#sink.onDataEnd(this.#stream);
    }
    return position + skipped;
  }

  #gather(bytes: Uint8Array, position: number): number {
    const count = Math.min(bytes.length - position, this.#left);
    const piece = bytes.subarray(position, position + count);
    this.#left -= count;
    if (this.#left > 0) {
      this.#payload.put(piece);
      return position + count;
    }
    this.#left = -1;
    if (this.#payload.length === 0) {
      this.#sink.onFrame(this.#type, this.#flags, this.#stream, piece);
    } else {
      this.#payload.put(piece);
      const payload = this.#payload.view();
      this.#payload.rewind();
      this.#sink.onFrame(this.#type, this.#flags, this.#stream, payload);
    }
    return position + count;
  }
}
