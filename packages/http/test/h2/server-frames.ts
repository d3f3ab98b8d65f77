import { clientFrames } from "@fairlead/conformance/http2";
import { HpackEncoder } from "../../src/h2/hpack/encoder.ts";
import { Octets } from "../../src/h2/octets.ts";

/** Frame types and flags, by their numbers in RFC 9113 section 6. */
export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;

export const { frame, numbers, settings } = clientFrames;

/** A field block that uses no table but the static one. */
export function block(...fields: readonly string[]): Buffer {
  const encoder = new HpackEncoder();
  encoder.limitTable(0);
  const octets = new Octets();
  for (let index = 0; index < fields.length; index += 2) {
    encoder.encode(fields[index] ?? "", fields[index + 1] ?? "", octets);
  }
  return Buffer.from(octets.take());
}

/** A HEADERS frame with all its fields. */
export function headers(stream: number, flags: number, ...fields: readonly string[]): Buffer {
  return frame(HEADERS, flags | END_HEADERS, stream, block(...fields));
}

/** A DATA frame. */
export function data(stream: number, flags: number, text: string | Uint8Array): Buffer {
  return frame(DATA, flags, stream, Buffer.from(text));
}

/** One frame that was read. */
export interface SeenFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** Cuts what a client wrote into frames, without its preface. */
export function framesOf(bytes: Buffer): readonly SeenFrame[] {
  const frames: SeenFrame[] = [];
  let at = bytes.subarray(0, 3).toString() === "PRI" ? 24 : 0;
  while (at < bytes.length) {
    const length = bytes.readUIntBE(at, 3);
    frames.push({
      type: bytes[at + 3] ?? 0,
      flags: bytes[at + 4] ?? 0,
      stream: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, at + 9 + length),
    });
    at += 9 + length;
  }
  return frames;
}
