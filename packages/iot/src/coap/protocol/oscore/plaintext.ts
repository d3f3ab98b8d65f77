import type { CoapCode, CoapOption } from "../message.ts";
import { readCoapMessage } from "../read-message.ts";
import { writeCoapMessage } from "../write-message.ts";

/** What is encrypted of a message. */
export interface OscorePlaintext {
  readonly code: CoapCode;
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/**
 * Writes what is encrypted: a message without type, message ID and token.
 *
 * @see RFC 8613 section 5.3
 */
export function writePlaintext(plaintext: OscorePlaintext): Uint8Array {
  const message = writeCoapMessage({ ...plaintext, ...carried });
  // The code is the second of the four bytes of a header; there is no token.
  message[headerBytes - 1] = message[1] ?? 0;
  return message.subarray(headerBytes - 1);
}

/** Reads what {@link writePlaintext} writes; `undefined` where it is no message. Options and payload are views. */
export function readPlaintext(bytes: Uint8Array): OscorePlaintext | undefined {
  const [code = 0] = bytes;
  const message = new Uint8Array(headerBytes + Math.max(bytes.length - 1, 0));
  message.set([nonConfirmable, code, 0, 0]);
  message.set(bytes.subarray(1), headerBytes);
  const reading = readCoapMessage(message);
  if (reading.type !== "message") return undefined;
  const { code: name, options, payload } = reading.message;
  return { code: name, options, payload };
}

const headerBytes = 4;
const nonConfirmable = 0x50;
const carried = { type: "non-confirmable", messageId: 0, token: new Uint8Array(0) } as const;
