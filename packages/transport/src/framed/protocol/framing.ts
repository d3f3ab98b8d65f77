import { stuff, unstuff } from "./cobs.ts";
import { crc16 } from "./crc16.ts";

/** How messages are told apart in a stream of bytes. */
export interface Framing {
  /** Whether the next message is found behind one that is dropped. */
  readonly recovers: boolean;
  /** A message as it is sent. */
  readonly write: (message: Uint8Array) => Uint8Array;
  /** What reads one stream from its beginning. */
  readonly reader: (maxMessageBytes: number) => FrameReader;
}

/** Reads messages out of pieces of a stream, however these are cut. */
export interface FrameReader {
  /**
   * The messages that end in this piece, which are copies. `too-long` and `broken` stand for what is dropped: with COBS the
   * next message is whole again, with lengths nothing behind it can be told apart any more.
   */
  read(piece: Uint8Array): readonly FrameReading[];
}

/** A message, or why there is none. */
export type FrameReading =
  | { readonly type: "message"; readonly bytes: Uint8Array }
  | { readonly type: "too-long" }
  | { readonly type: "broken" };

/** COBS with a checksum, for lines that lose and garble bytes: each message ends with a zero, and has none in it. */
export const cobs: Framing = {
  recovers: true,
  write(message) {
    const checked = new Uint8Array(message.length + 2);
    checked.set(message);
    new DataView(checked.buffer).setUint16(message.length, crc16(message));
    const stuffed = stuff(checked);
    const frame = new Uint8Array(stuffed.length + 1);
    frame.set(stuffed);
    return frame;
  },
  reader: (maxMessageBytes) => new CobsReader(maxMessageBytes),
};

/** Four bytes of length, the most significant first, before each message: for pipes that lose nothing. */
export const lengthPrefix: Framing = {
  recovers: false,
  write(message) {
    const frame = new Uint8Array(message.length + 4);
    new DataView(frame.buffer).setUint32(0, message.length);
    frame.set(message, 4);
    return frame;
  },
  reader: (maxMessageBytes) => new LengthReader(maxMessageBytes),
};

class CobsReader implements FrameReader {
  readonly #frame: Uint8Array;
  #length = 0;
  #isTooLong = false;

  constructor(maxMessageBytes: number) {
    this.#frame = new Uint8Array(stuff(new Uint8Array(maxMessageBytes + 2).fill(1)).length);
  }

  read(piece: Uint8Array): readonly FrameReading[] {
    const readings: FrameReading[] = [];
    let at = 0;
    while (at < piece.length) {
      const zero = piece.indexOf(0, at);
      const end = zero < 0 ? piece.length : zero;
      this.#take(piece.subarray(at, end));
      if (zero >= 0) {
        const reading = this.#finish();
        if (reading !== undefined) readings.push(reading);
      }
      at = end + 1;
    }
    return readings;
  }

  #take(part: Uint8Array): void {
    if (this.#length + part.length > this.#frame.length) this.#isTooLong = true;
    if (this.#isTooLong) return;
    this.#frame.set(part, this.#length);
    this.#length += part.length;
  }

  #finish(): FrameReading | undefined {
    const stuffed = this.#frame.subarray(0, this.#length);
    const isTooLong = this.#isTooLong;
    this.#length = 0;
    this.#isTooLong = false;
    if (isTooLong) return { type: "too-long" };
    // Zeros in a row: somebody made sure of a beginning.
    if (stuffed.length === 0) return undefined;
    const checked = unstuff(stuffed);
    if (checked === undefined || checked.length < 2) return { type: "broken" };
    const bytes = checked.subarray(0, -2);
    const sum = new DataView(checked.buffer, checked.byteOffset).getUint16(bytes.length);
    return sum === crc16(bytes) ? { type: "message", bytes } : { type: "broken" };
  }
}

class LengthReader implements FrameReader {
  readonly #maxMessageBytes: number;
  readonly #head = new Uint8Array(4);
  #headLength = 0;
  #body: Uint8Array | undefined;
  #bodyLength = 0;
  #isLost = false;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  read(piece: Uint8Array): readonly FrameReading[] {
    const readings: FrameReading[] = [];
    let rest = piece;
    while (rest.length > 0 && !this.#isLost) {
      if (this.#body === undefined) {
        const part = rest.subarray(0, 4 - this.#headLength);
        this.#head.set(part, this.#headLength);
        this.#headLength += part.length;
        rest = rest.subarray(part.length);
        if (this.#headLength < 4) break;
        const length = new DataView(this.#head.buffer).getUint32(0);
        this.#isLost = length > this.#maxMessageBytes;
        if (this.#isLost) readings.push({ type: "too-long" });
        else this.#body = new Uint8Array(length);
      }
      if (this.#body === undefined) break;
      const part = rest.subarray(0, this.#body.length - this.#bodyLength);
      this.#body.set(part, this.#bodyLength);
      this.#bodyLength += part.length;
      rest = rest.subarray(part.length);
      if (this.#bodyLength < this.#body.length) break;
      readings.push({ type: "message", bytes: this.#body });
      this.#body = undefined;
      this.#bodyLength = 0;
      this.#headLength = 0;
    }
    return readings;
  }
}
