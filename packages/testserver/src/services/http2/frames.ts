/** Frame types, RFC 9113 section 6. */
export const FrameType = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. */
export const Flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8 } as const;

/** Error codes, RFC 9113 section 7. */
export const ErrorCode = {
  noError: 0,
  internalError: 2,
  refusedStream: 7,
  cancel: 8,
  enhanceYourCalm: 11,
  http11Required: 13,
} as const;

/** Settings, RFC 9113 section 6.5.2. */
export const Setting = { maxConcurrentStreams: 3, initialWindowSize: 4, maxFrameSize: 5 } as const;

/** One frame as it came. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** What a client begins with. RFC 9113 section 3.4. */
export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const HEAD_BYTES = 9;
/** What a frame may have where nothing else was agreed on. */
const FRAME_LIMIT_BYTES = 16_384;

/** Makes a frame of any content, right or wrong. RFC 9113 section 4.1. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head.set([type, flags], 3);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Numbers of 32 bits, one after another. */
export function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index));
  return bytes;
}

/** SETTINGS of numbers and values. */
export function settings(...pairs: readonly (readonly [setting: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * pairs.length);
  pairs.forEach(([setting, value], index) => {
    payload.writeUInt16BE(setting, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  });
  return frame(FrameType.settings, 0, 0, payload);
}

/** Fields as literals that enter no table, without Huffman coding. RFC 7541 section 6.2.2. */
export function fieldBlock(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]));
}

/** A string, RFC 7541 section 5.2. */
export function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** An integer behind a prefix of so many bits, the bits before it zero. RFC 7541 section 5.1. */
export function integer(value: number, prefixBits: number): Buffer {
  const limit = 2 ** prefixBits - 1;
  if (value < limit) return Buffer.of(value);
  const bytes = [limit];
  let rest = value - limit;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Takes the preface and frames out of what a client sends, of which it keeps less than one frame. */
export class FrameReader {
  #bytes = Buffer.alloc(0);
  #hasPreface = false;

  /** What these bytes complete; `undefined` when the client does not speak HTTP/2, or sends a frame that is too large. */
  read(bytes: Buffer): readonly Frame[] | undefined {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#hasPreface) {
      if (this.#bytes.length < PREFACE.length) return [];
      if (this.#bytes.toString("latin1", 0, PREFACE.length) !== PREFACE) return undefined;
      this.#bytes = this.#bytes.subarray(PREFACE.length);
      this.#hasPreface = true;
    }
    const frames: Frame[] = [];
    while (this.#bytes.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.#bytes.readUIntBE(0, 3);
      if (end > HEAD_BYTES + FRAME_LIMIT_BYTES) return undefined;
      if (this.#bytes.length < end) break;
      const [type = 0, flags = 0] = this.#bytes.subarray(3, 5);
      const stream = this.#bytes.readUInt32BE(5) & 0x7fffffff;
      frames.push({ type, flags, stream, payload: this.#bytes.subarray(HEAD_BYTES, end) });
      this.#bytes = this.#bytes.subarray(end);
    }
    return frames;
  }
}
