import { frameFault } from "./frame-fault.ts";
import { readUint32 } from "./frame-reader.ts";
import { CREDIT_LIMIT, MAGIC, VERSION } from "./frames.ts";

/** What each end says first. */
export interface Hello {
  /** Of a worker: how many requests it takes at once. Of the server: how many it sends at once, at the most. */
  readonly requests: number;
  /** Octets of any one content that whoever says this takes before it grants more. */
  readonly windowBytes: number;
}

/** @throws ProtocolError GATEWAY_FRAME_INVALID for another protocol, another version, or what cannot be. */
export function readHello(payload: Uint8Array): Hello {
  if (readUint32(payload, 0) !== MAGIC) throw frameFault("a HELLO of another protocol");
  const version = readUint32(payload, 4) >>> 16;
  if (version !== VERSION) throw frameFault(`a HELLO of version ${version}`);
  const requests = readUint32(payload, 8);
  const windowBytes = readUint32(payload, 12);
  if (requests < 1) throw frameFault("a HELLO that takes no request");
  if (windowBytes < 1 || windowBytes > CREDIT_LIMIT) throw frameFault(`a HELLO with a window of ${windowBytes}`);
  return { requests, windowBytes };
}

/** @throws ProtocolError GATEWAY_FRAME_INVALID for none, or more than can be. */
export function readCredit(payload: Uint8Array): number {
  const octets = readUint32(payload, 0);
  if (octets < 1 || octets > CREDIT_LIMIT) throw frameFault(`a CREDIT of ${octets}`);
  return octets;
}

/** Why a request is given up. */
export interface Cancellation {
  /** One of `CancelReason`; those that are not known mean `failed`. */
  readonly reason: number;
  /** For people. */
  readonly detail: string;
}

/** Reads a CANCEL. Nothing can be wrong with it. */
export function readCancel(payload: Uint8Array): Cancellation {
  return { reason: ((payload[0] ?? 0) << 8) | (payload[1] ?? 0), detail: readText(payload.subarray(2)) };
}

/** The mark of a PING, or of the PONG that answers it. */
export function readMark(payload: Uint8Array): number {
  return readUint32(payload, 4);
}

/** Octets of memory that a worker says it takes, in its PONG; 0 where it does not know. */
export function readMemoryBytes(payload: Uint8Array): number {
  return readUint32(payload, 8) * 2 ** 32 + readUint32(payload, 12);
}

/** How much a line of a worker's matters. */
export type LogLevel = "debug" | "info" | "warning" | "error";

const levels: readonly LogLevel[] = ["debug", "info", "warning", "error"];

/** A level's octet. */
export function levelOctet(level: LogLevel): number {
  return levels.indexOf(level);
}

/** Reads a LOG; a level that is not known is `info`. */
export function readLog(payload: Uint8Array): { readonly level: LogLevel; readonly text: string } {
  return { level: levels[payload[0] ?? 1] ?? "info", text: readText(payload.subarray(1)) };
}

/** For people: what is no UTF-8 is replaced, and what would move a terminal's cursor is a space. */
function readText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
