import { kindOfCoapCode } from "./code.ts";
import {
  type CoapCode,
  type CoapHeader,
  type CoapMessage,
  type CoapOption,
  coapTypes,
  maxOptionNumber,
  maxTokenBytes,
} from "./message.ts";

/** Why a datagram is no message. */
export type CoapFlaw =
  /** Fewer than the four bytes of the header. */
  | "header-truncated"
  /** A length of 9 to 15, which is reserved. */
  | "token-length-reserved"
  | "token-truncated"
  /** A token is announced, or something follows, in a message without code. RFC 7252 section 4.1. */
  | "empty-with-content"
  /** A code of class 1, 3, 6 or 7. RFC 7252 sections 4.2 and 12.1. */
  | "code-class-reserved"
  /** A code that may not travel so, such as a request in an acknowledgement. RFC 7252 section 4.3, table 1. */
  | "type-unfit-for-code"
  /** 15 as delta where no payload begins. */
  | "option-delta-reserved"
  | "option-length-reserved"
  /** It says that it is longer than what is left. */
  | "option-truncated"
  /** The deltas add up to more than 65535. */
  | "option-number-too-large"
  /** A payload marker at the end. */
  | "payload-missing";

/** What a datagram is. */
export type CoapReading =
  | { readonly type: "message"; readonly message: CoapMessage }
  /** Another version's, which is ignored without a word. RFC 7252 section 3. */
  | { readonly type: "other-version"; readonly version: number }
  /**
   * None. `header` is what could be read of it: a confirmable one is rejected by a reset with its message ID, any other
   * is ignored (RFC 7252 sections 4.2 and 4.3).
   */
  | { readonly type: "malformed"; readonly flaw: CoapFlaw; readonly header: CoapHeader | undefined };

/**
 * Reads one datagram. Never throws. Token, options and payload are views of `datagram`, which must not change while they
 * are used.
 *
 * @see RFC 7252 section 3
 *
 * @example
 * const reading = readCoapMessage(datagram);
 * if (reading.type === "message") console.log(reading.message.code, readOptions(reading.message, "uriPath"));
 */
export function readCoapMessage(datagram: Uint8Array): CoapReading {
  const [first = 0, codeByte = 0, idHigh = 0, idLow = 0] = datagram;
  if (datagram.length < headerBytes) return { type: "malformed", flaw: "header-truncated", header: undefined };
  const version = first >> 6;
  if (version !== 1) return { type: "other-version", version };
  // Two bits: always one of the four.
  const type = coapTypes[((first >> 4) & 3) as 0 | 1 | 2 | 3];
  const header: CoapHeader = { type, code: formatCode(codeByte), messageId: (idHigh << 8) | idLow };
  const body = readBody(datagram, header, first & 15);
  return typeof body === "string"
    ? { type: "malformed", flaw: body, header }
    : { type: "message", message: { ...header, ...body } };
}

type Body = Pick<CoapMessage, "token" | "options" | "payload">;

function readBody(datagram: Uint8Array, { type, code }: CoapHeader, tokenBytes: number): Body | CoapFlaw {
  if (tokenBytes > maxTokenBytes) return "token-length-reserved";
  const kind = kindOfCoapCode(code);
  if (kind === "empty" && (tokenBytes > 0 || datagram.length > headerBytes)) return "empty-with-content";
  if (kind === "reserved") return "code-class-reserved";
  const unfit =
    (type === "reset" && kind !== "empty") ||
    (type === "non-confirmable" && kind === "empty") ||
    (type === "acknowledgement" && kind === "request");
  if (unfit) return "type-unfit-for-code";
  const tokenEnd = headerBytes + tokenBytes;
  if (tokenEnd > datagram.length) return "token-truncated";
  const token = datagram.subarray(headerBytes, tokenEnd);

  const options: CoapOption[] = [];
  let number = 0;
  let at = tokenEnd;
  while (at < datagram.length) {
    const [start = 0] = datagram.subarray(at, at + 1);
    at += 1;
    if (start === payloadMarker) {
      return at === datagram.length ? "payload-missing" : { token, options, payload: datagram.subarray(at) };
    }
    const delta = readExtended(datagram, at, start >> 4);
    if (delta === "reserved") return "option-delta-reserved";
    if (delta === "truncated") return "option-truncated";
    const length = readExtended(datagram, delta.end, start & 15);
    if (length === "reserved") return "option-length-reserved";
    if (length === "truncated") return "option-truncated";
    number += delta.value;
    if (number > maxOptionNumber) return "option-number-too-large";
    at = length.end + length.value;
    if (at > datagram.length) return "option-truncated";
    options.push({ number, value: datagram.subarray(length.end, at) });
  }
  return { token, options, payload: none };
}

interface Extended {
  readonly value: number;
  /** Where its bytes end. */
  readonly end: number;
}

/** A delta or length: four bits, which may say that one or two bytes follow. RFC 7252 section 3.1. */
function readExtended(datagram: Uint8Array, at: number, nibble: number): Extended | "reserved" | "truncated" {
  if (nibble < 13) return { value: nibble, end: at };
  if (nibble === 15) return "reserved";
  const end = at + nibble - 12;
  if (end > datagram.length) return "truncated";
  const [first = 0, second = 0] = datagram.subarray(at, end);
  return { value: nibble === 13 ? first + 13 : ((first << 8) | second) + 269, end };
}

function formatCode(byte: number): CoapCode {
  return codes[byte] ?? "0.00";
}

const headerBytes = 4;
const payloadMarker = 0xff;
const none = new Uint8Array(0);
const codes = Array.from(
  { length: 256 },
  (_, byte): CoapCode => `${byte >> 5}.${(byte & 31).toString().padStart(2, "0") as `${number}`}`,
);
