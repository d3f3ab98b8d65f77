import type { DeflateParameters, WebSocketLimits } from "@fairlead/http/websocket";
import type { WebSocketRole } from "@fairlead/transport/websocket";

/** A frame, well-formed or not, as a peer of either role sends it. */
export interface WireFrame {
  /** FIN, RSV and opcode. */
  readonly first: number;
  readonly payload: Buffer;
  /** In how many octets the length is written, and what it says; by default the fewest, and the truth. */
  readonly length?: { readonly octets: 0 | 2 | 8; readonly says: bigint };
  /** Whether it is masked when it must not be, and the reverse. */
  readonly wrongMask?: boolean;
  readonly key?: Buffer;
}

/** One thing that RFC 6455 or RFC 7692 says, shown by what a peer sends and what comes of it. */
export interface Case {
  /** `6455 5.2`. */
  readonly section: string;
  readonly says: string;
  readonly frames: readonly (WireFrame | Buffer)[];
  readonly deflate?: Partial<DeflateParameters>;
  readonly limits?: Partial<WebSocketLimits>;
  /** Messages, pings and pongs that are told. */
  readonly heard?: readonly unknown[];
  /** What is sent before the Close: first octets and payloads. */
  readonly sent?: readonly (readonly [first: number, payload: Buffer])[];
  /**
   * How it ends: by the peer's Close with 1000 where nothing is said, which `frames` do not hold then; by a Close among them
   * with this code; because a rule is broken, with the code that the peer is told; or because the stream ends.
   */
  readonly ends?: { readonly close: number; readonly reason?: string } | { readonly fails: number } | "abruptly";
}

const defaultKey = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

/** The octets of what a peer sends to an endpoint of this role. */
export function onTheWire(frame: WireFrame | Buffer, role: WebSocketRole): Buffer {
  if (Buffer.isBuffer(frame)) return frame;
  const { first, payload, wrongMask = false, key = defaultKey } = frame;
  const isMasked = (role === "server") !== wrongMask;
  const { octets, says } = frame.length ?? shortestLength(payload.length);
  const mask = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(2 + octets);
  head[0] = first;
  if (octets === 0) head[1] = mask | Number(says);
  else head[1] = mask | (octets === 2 ? 126 : 127);
  if (octets === 2) head.writeUInt16BE(Number(says), 2);
  if (octets === 8) head.writeBigUInt64BE(says, 2);
  return isMasked ? Buffer.concat([head, key, masked(payload, key)]) : Buffer.concat([head, payload]);
}

/** A frame that came from an endpoint. */
export interface ReadFrame {
  readonly first: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** Takes apart what an endpoint sent, by nothing of what is tested. */
export function readFrames(bytes: Buffer): readonly ReadFrame[] {
  const frames: ReadFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    const short = second & 0x7f;
    at += 2;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at) : Number(bytes.readBigUInt64BE(at));
    at += short < 126 ? 0 : short === 126 ? 2 : 8;
    const isMasked = second >= 0x80;
    const key = bytes.subarray(at, at + (isMasked ? 4 : 0));
    at += key.length;
    const payload = bytes.subarray(at, at + length);
    at += length;
    frames.push({ first, isMasked, payload: isMasked ? masked(payload, key) : Buffer.from(payload) });
  }
  return frames;
}

function masked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((octet, index) => octet ^ key.readUInt8(index % 4)));
}

function shortestLength(length: number): { readonly octets: 0 | 2 | 8; readonly says: bigint } {
  return { octets: length < 126 ? 0 : length < 65_536 ? 2 : 8, says: BigInt(length) };
}

export const FIN = 0x80;
export const RSV1 = 0x40;

/** A frame with these first octet and payload. */
export function frame(first: number, payload: string | Buffer = "", more: Partial<WireFrame> = {}): WireFrame {
  return { first, payload: Buffer.from(payload as string), ...more };
}

export const text = (payload: string | Buffer, more?: Partial<WireFrame>): WireFrame => frame(FIN | 1, payload, more);
export const binary = (payload: string | Buffer, more?: Partial<WireFrame>): WireFrame => frame(FIN | 2, payload, more);
export const ping = (payload: string | Buffer = "", more?: Partial<WireFrame>): WireFrame =>
  frame(FIN | 9, payload, more);
export const pong = (payload: string | Buffer = "", more?: Partial<WireFrame>): WireFrame =>
  frame(FIN | 10, payload, more);

/** A Close with a code and octets or text for a reason. */
export function close(code: number, reason: string | Buffer = ""): WireFrame {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return frame(FIN | 8, Buffer.concat([head, Buffer.from(reason as string)]));
}

/** Fragments of a message, the first with this opcode and the last with FIN. */
export function fragments(opcode: number, ...payloads: readonly (string | Buffer)[]): readonly WireFrame[] {
  return payloads.map((payload, index) =>
    frame((index === payloads.length - 1 ? FIN : 0) | (index === 0 ? opcode : 0), payload),
  );
}

/** Octets in hexadecimal; spaces are for the eye. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}
