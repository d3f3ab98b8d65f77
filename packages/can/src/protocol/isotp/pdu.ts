import { fdLengths } from "../can-frame.ts";
import { addressBytes, type IsoTpLayout } from "./addressing.ts";

/** What one frame says. ISO 15765-2:2016 section 9.6 */
export type IsoTpPdu =
  | { readonly type: "single"; readonly data: Uint8Array }
  | {
      readonly type: "first";
      /** Bytes of the whole message. */
      readonly totalBytes: number;
      readonly data: Uint8Array;
      /** Bytes of the frame; all but the last have as many (RX_DL). */
      readonly frameBytes: number;
    }
  | {
      readonly type: "consecutive";
      /** 0 to 15. */
      readonly sequenceNumber: number;
      /** With what the frame was filled up, as the length of the message tells. */
      readonly data: Uint8Array;
    }
  | FlowControl;

/** What a receiver answers. */
export interface FlowControl {
  readonly type: "flow-control";
  readonly status: "continue" | "wait" | "overflow" | "invalid";
  /** Frames until the next answer; 0 is all of them. */
  readonly blockSize: number;
  /** From the end of one frame to the start of the next. */
  readonly separationMilliseconds: number;
}

/** What a message of more bytes needs another form for. Section 9.6.3 */
export const largestShortLength = 4_095;
/** The most that the longer form says. */
export const largestLength = 0xff_ff_ff_ff;

/**
 * Reads the data of a frame; `undefined` when it is to be passed over: for another address, too short for what it says, of a
 * length that its form cannot have, or of a type that is reserved.
 */
export function readPdu(frame: Uint8Array, layout: IsoTpLayout): IsoTpPdu | undefined {
  const offset = addressBytes(layout);
  if (offset === 1 && frame[0] !== layout.addressByte?.receive) return undefined;
  const pdu = frame.subarray(offset);
  const [first, second = 0, third = 0] = pdu;
  if (first === undefined) return undefined;
  const low = first & 0x0f;
  switch (first >> 4) {
    case 0:
      return readSingle(frame, pdu, offset);
    case 1:
      return readFirst(frame, pdu, offset);
    case 2:
      return { type: "consecutive", sequenceNumber: low, data: pdu.subarray(1) };
    case 3:
      if (pdu.length < 3) return undefined;
      return {
        type: "flow-control",
        status: flowStatuses[low] ?? "invalid",
        blockSize: second,
        separationMilliseconds: readSeparationTime(third),
      };
    default:
      return undefined;
  }
}

const flowStatuses = ["continue", "wait", "overflow"] as const;

/** Section 9.6.2 */
function readSingle(frame: Uint8Array, pdu: Uint8Array, offset: number): IsoTpPdu | undefined {
  const [first = 0, second = 0] = pdu;
  if (frame.length <= 8) {
    const length = first & 0x0f;
    return length >= 1 && length <= pdu.length - 1 ? { type: "single", data: pdu.subarray(1, 1 + length) } : undefined;
  }
  // What would fit into a short frame does not come in this form.
  if ((first & 0x0f) !== 0 || second <= 7 - offset || second > pdu.length - 2) return undefined;
  return { type: "single", data: pdu.subarray(2, 2 + second) };
}

/** Section 9.6.3 */
function readFirst(frame: Uint8Array, pdu: Uint8Array, offset: number): IsoTpPdu | undefined {
  if (frame.length < 8 || !fdLengths.includes(frame.length)) return undefined;
  const [first = 0, second = 0] = pdu;
  const short = ((first & 0x0f) << 8) | second;
  const head = short === 0 ? 6 : 2;
  const totalBytes = short === 0 ? new DataView(pdu.buffer, pdu.byteOffset).getUint32(2) : short;
  if (short === 0 && totalBytes <= largestShortLength) return undefined;
  if (totalBytes <= largestSingle(frame.length, offset)) return undefined;
  return { type: "first", totalBytes, data: pdu.subarray(head), frameBytes: frame.length };
}

/** Bytes of the longest message that goes in one frame. */
export function largestSingle(frameBytes: number, offset: number): number {
  return frameBytes <= 8 ? frameBytes - 1 - offset : frameBytes - 2 - offset;
}

/** The frame of a message that fits into one. */
export function singleFrame(message: Uint8Array, layout: IsoTpLayout): Uint8Array {
  const fitsShort = message.length <= largestSingle(8, addressBytes(layout));
  return frameOf(fitsShort ? [message.length] : [0, message.length], message, layout);
}

/** The first frame of a longer one; it takes as much of it as fits. */
export function firstFrame(
  message: Uint8Array,
  layout: IsoTpLayout,
): { readonly frame: Uint8Array; readonly taken: number } {
  const { length } = message;
  const head =
    length <= largestShortLength
      ? [0x10 | (length >> 8), length & 0xff]
      : [0x10, 0, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  const taken = layout.frameBytes - addressBytes(layout) - head.length;
  return { frame: frameOf(head, message.subarray(0, taken), layout), taken };
}

/** A frame of what is left of a message. */
export function consecutiveFrame(
  rest: Uint8Array,
  sequenceNumber: number,
  layout: IsoTpLayout,
): { readonly frame: Uint8Array; readonly taken: number } {
  const taken = Math.min(layout.frameBytes - addressBytes(layout) - 1, rest.length);
  return { frame: frameOf([0x20 | sequenceNumber], rest.subarray(0, taken), layout), taken };
}

/** The frame of an answer. */
export function flowControlFrame(
  status: "continue" | "wait" | "overflow",
  { blockSize, separationMilliseconds }: Pick<FlowControl, "blockSize" | "separationMilliseconds">,
  layout: IsoTpLayout,
): Uint8Array {
  const head = [0x30 | flowStatuses.indexOf(status), blockSize, writeSeparationTime(separationMilliseconds)];
  return frameOf(head, new Uint8Array(0), layout);
}

/** Fills up to 8 bytes where padding is wanted, and beyond them to the next length that there is. Section 10.4.2 */
function frameOf(head: readonly number[], data: Uint8Array, layout: IsoTpLayout): Uint8Array {
  const address = layout.addressByte === undefined ? [] : [layout.addressByte.send];
  const used = address.length + head.length + data.length;
  const wanted = layout.padding === undefined ? used : Math.max(used, 8);
  const length = fdLengths.find((each) => each >= wanted) ?? wanted;
  const frame = new Uint8Array(length).fill(layout.padding ?? 0xcc);
  frame.set([...address, ...head]);
  frame.set(data, address.length + head.length);
  return frame;
}

/** What is reserved is as long as there is. Section 9.6.5.4 */
function readSeparationTime(byte: number): number {
  if (byte <= 0x7f) return byte;
  return byte >= 0xf1 && byte <= 0xf9 ? (byte - 0xf0) / 10 : 0x7f;
}

/** At least as long as it should be, up to the longest that there is. */
function writeSeparationTime(milliseconds: number): number {
  if (milliseconds > 0 && milliseconds <= 0.9) return 0xf0 + Math.ceil(milliseconds * 10 - 1e-9);
  return Math.min(Math.ceil(milliseconds), 0x7f);
}
