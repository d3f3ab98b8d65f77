import type { CoapCode } from "../message.ts";
import type { CoapContent } from "../read-content.ts";

/** One message over a reliable transport: there is neither type nor message ID. RFC 8323 section 2. */
export interface CoapStreamMessage extends CoapContent {
  /** Class 0 to 7, detail 00 to 31; class 7 is about the connection itself. */
  readonly code: CoapCode;
  /** 0 to 8 bytes, or as many as the receiver said to take (RFC 8974); joins a response with its request. */
  readonly token: Uint8Array;
}

/** What one end takes of the other. */
export interface CoapStreamLimits {
  /** Of a whole message, from the first byte of its header to the last of its payload. */
  readonly maxMessageBytes: number;
  /** 8 to 65804; more than 8 only where both sides know RFC 8974. */
  readonly maxTokenBytes: number;
}

/** What each end takes until it says otherwise. RFC 8323 section 5.3.1, RFC 8974 section 2.2.1. */
export const baseStreamLimits: CoapStreamLimits = { maxMessageBytes: 1_152, maxTokenBytes: 8 };
