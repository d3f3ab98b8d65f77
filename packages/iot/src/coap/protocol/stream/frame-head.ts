import { extensionBytes, lengthBase, readExtension } from "../extended-length.ts";
import type { CoapStreamLimits } from "./stream-message.ts";

/** What the length in a message's head counts: its own bytes on a stream, nothing where a WebSocket's message ends it. */
export type CoapFraming = "stream" | "websocket";

/** What comes before the token. */
export interface FrameHead {
  readonly codeByte: number;
  /** Where the token begins. */
  readonly headBytes: number;
  readonly tokenBytes: number;
  /** Options, marker and payload; 0 where the length is not told. */
  readonly contentBytes: number;
}

/** Why a head begins no message that is taken. */
export type FrameHeadFlaw =
  /** Longer than the receiver has said to take; known before any of it was kept. */
  | "message-too-large"
  /** 15 as token length, or more than 8 where longer tokens were not offered. RFC 8974 section 2.1. */
  | "token-length-reserved"
  /** Longer than the receiver has said to take. RFC 8974 section 2.2.1. */
  | "token-too-long"
  /** A length that a WebSocket's message tells already. RFC 8323 section 4.2. */
  | "length-not-zero";

/**
 * Reads the head of a message, as soon as it is there; what it says is judged as early as it can be.
 *
 * @param bytes begins with the message; what follows it is not looked at.
 *
 * @see RFC 8323 section 3.2, RFC 8974 section 2.1
 */
export function readFrameHead(
  bytes: Uint8Array,
  framing: CoapFraming,
  { maxMessageBytes, maxTokenBytes }: CoapStreamLimits,
): FrameHead | FrameHeadFlaw | "incomplete" {
  if (bytes.length === 0) return "incomplete";
  const first = bytes[0] ?? 0;
  const lengthNibble = first >> 4;
  const tokenNibble = first & 15;
  if (tokenNibble === 15 || (tokenNibble > 8 && maxTokenBytes <= 8)) return "token-length-reserved";
  if (framing === "websocket" && lengthNibble !== 0) return "length-not-zero";

  const codeAt = 1 + extensionBytes(lengthNibble);
  if (bytes.length < codeAt) return "incomplete";
  const contentBytes = lengthNibble < 13 ? lengthNibble : readExtension(bytes, 1, codeAt) + lengthBase(lengthNibble);
  const headBytes = codeAt + 1 + extensionBytes(tokenNibble);
  if (headBytes + contentBytes > maxMessageBytes) return "message-too-large";

  if (bytes.length < headBytes) return "incomplete";
  const tokenBytes =
    tokenNibble < 13 ? tokenNibble : readExtension(bytes, codeAt + 1, headBytes) + lengthBase(tokenNibble);
  if (tokenBytes > maxTokenBytes) return "token-too-long";
  if (headBytes + tokenBytes + contentBytes > maxMessageBytes) return "message-too-large";
  return { codeByte: bytes[codeAt] ?? 0, headBytes, tokenBytes, contentBytes };
}

/** The bytes of the longest head. */
export const maxHeadBytes = 8;
