/** Frame types, RFC 9113 section 6. */
export const Type = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. */
export const Flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** Error codes, RFC 9113 section 7. */
export const Code = {
  protocolError: 1,
  flowControlError: 3,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  compressionError: 9,
  enhanceYourCalm: 11,
} as const;

/** What a client says first. RFC 9113 section 3.4. */
export const PREFACE: Uint8Array = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** A frame, right or wrong. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A payload of numbers of 32 bits. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

/** A SETTINGS frame of numbers and values. */
export function settings(...entries: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(6 * entries.length);
  for (const [index, [setting, value]] of entries.entries()) {
    payload.writeUInt16BE(setting, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  }
  return frame(Type.settings, 0, 0, payload);
}

/** A field block of literals that go into no table. RFC 7541 section 6.2.2. */
export function block(...fields: readonly string[]): Buffer {
  const pieces: Buffer[] = [];
  for (const [index, text] of fields.entries()) {
    if (index % 2 === 0) pieces.push(Buffer.of(0));
    pieces.push(lengthOf(text), Buffer.from(text, "latin1"));
  }
  return Buffer.concat(pieces);
}

/** RFC 7541 section 5.1, without Huffman code. */
function lengthOf(text: string): Buffer {
  if (text.length < 127) return Buffer.of(text.length);
  const octets = [127];
  let rest = text.length - 127;
  for (; rest >= 128; rest >>>= 7) octets.push((rest & 127) | 128);
  return Buffer.from([...octets, rest]);
}

/** A HEADERS frame with all its fields. */
export function headers(stream: number, flags: number, ...fields: readonly string[]): Buffer {
  return frame(Type.headers, flags | Flag.endHeaders, stream, block(...fields));
}

/** The head of a request, with pseudo-fields that are right. */
export function request(stream: number, method: string, flags: number, ...fields: readonly string[]): Buffer {
  return headers(stream, flags, ":method", method, ":scheme", "http", ":authority", "a.test", ":path", "/", ...fields);
}

/** A whole request without content. */
export function get(stream: number, ...fields: readonly string[]): Buffer {
  return request(stream, "GET", Flag.endStream, ...fields);
}

/** The head of a request with content to come. */
export function post(stream: number, ...fields: readonly string[]): Buffer {
  return request(stream, "POST", 0, ...fields);
}

/** A DATA frame. */
export function data(stream: number, flags: number, content: string | Uint8Array): Buffer {
  return frame(Type.data, flags, stream, Buffer.from(content));
}

/** One frame that came. */
export interface SeenFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** Cuts what came into frames; what is not whole yet is left over. */
export function cutFrames(bytes: Buffer): { readonly frames: readonly SeenFrame[]; readonly rest: Buffer } {
  const frames: SeenFrame[] = [];
  let rest = bytes;
  while (rest.length >= 9) {
    const length = rest.readUIntBE(0, 3);
    if (rest.length < 9 + length) break;
    frames.push({
      type: rest[3] ?? 0,
      flags: rest[4] ?? 0,
      stream: rest.readUInt32BE(5),
      payload: rest.subarray(9, 9 + length),
    });
    rest = rest.subarray(9 + length);
  }
  return { frames, rest };
}
