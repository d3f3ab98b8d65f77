import { frameFault } from "./frame-fault.ts";
import { Flag, FRAME_HEAD_LENGTH, frameRules, FrameType } from "./frames.ts";

/** What is told of frames, in the order in which they come. */
export interface FrameSink {
  /** A whole frame of any type but DATA; its payload may be looked at during the call only. */
  onFrame(type: number, flags: number, request: number, payload: Uint8Array): void;
  /** A part of a DATA frame, which stays as it is; empty only where it ends the content. */
  onData(request: number, piece: Uint8Array, isEnd: boolean): void;
}

/**
 * Cuts a stream of octets into frames, and checks what can be checked of one frame by itself. Content is handed on as it
 * comes; any other frame is gathered, up to its limit.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #head = new Uint8Array(FRAME_HEAD_LENGTH);
  #headLength = 0;
  #type = 0;
  #flags = 0;
  #request = 0;
  /** Octets of the payload that are still to come; -1 before a frame's head. */
  #left = -1;
  #gathered: Uint8Array | undefined;
  #gatheredLength = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Whether what came so far ends between two frames. */
  get isBetweenFrames(): boolean {
    return this.#left === -1 && this.#headLength === 0;
  }

  /**
   * Takes in what came.
   *
   * @throws ProtocolError GATEWAY_FRAME_INVALID, and whatever the sink throws; nothing may be read after it.
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
    const length = readUint32(head, at);
    const type = head[at + 4] ?? 0;
    const flags = head[at + 5] ?? 0;
    const request = readUint32(head, at + 8);
    const rule = frameRules.get(type);
    if (rule === undefined) throw frameFault(`a frame of the unknown type ${type}`);
    if (length < rule.least || length > rule.most) throw frameFault(`a frame of type ${type} with ${length} octets`);
    if ((flags & ~rule.flags) !== 0) throw frameFault(`a frame of type ${type} with the flags ${flags}`);
    if (head[at + 6] !== 0 || head[at + 7] !== 0) throw frameFault("octets of a frame's head that are not zero");
    if (rule.scope !== "either" && (request === 0) !== (rule.scope === "connection")) {
      throw frameFault(`a frame of type ${type} with the request ${request}`);
    }
    this.#type = type;
    this.#flags = flags;
    this.#request = request;
    this.#left = length;
  }

  #readData(bytes: Uint8Array, position: number): number {
    const count = Math.min(bytes.length - position, this.#left);
    this.#left -= count;
    const isWhole = this.#left === 0;
    if (isWhole) this.#left = -1;
    const isEnd = isWhole && (this.#flags & Flag.end) !== 0;
    if (count > 0 || isEnd) this.#sink.onData(this.#request, bytes.subarray(position, position + count), isEnd);
    return position + count;
  }

  #gather(bytes: Uint8Array, position: number): number {
    const count = Math.min(bytes.length - position, this.#left);
    const piece = bytes.subarray(position, position + count);
    const isWhole = count === this.#left;
    if (isWhole && this.#gathered === undefined) {
      this.#left = -1;
      this.#sink.onFrame(this.#type, this.#flags, this.#request, piece);
      return position + count;
    }
    // Made as large as it has to be: no frame is larger than its limit.
    this.#gathered ??= new Uint8Array(this.#left);
    this.#gathered.set(piece, this.#gatheredLength);
    this.#gatheredLength += count;
    this.#left -= count;
    if (isWhole) {
      const payload = this.#gathered;
      this.#gathered = undefined;
      this.#gatheredLength = 0;
      this.#left = -1;
      this.#sink.onFrame(this.#type, this.#flags, this.#request, payload);
    }
    return position + count;
  }
}

/** Four octets, the highest first, as a number that is not negative. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
