import { formatCoapCode, kindOfCoapCode } from "./code.ts";
import { extensionBytes, lengthBase, readExtension } from "./extended-length.ts";
import {
  type CoapCode,
  type CoapHeader,
  type CoapMessage,
  type CoapType,
  coapTypes,
  maxTokenBytes,
} from "./message.ts";
import { type CoapContentFlaw, readContent } from "./read-content.ts";

/** Why a datagram is no message. */
export type CoapFlaw =
  /** Fewer than the four bytes of the header. */
  | "header-truncated"
  /** A length of 9 to 15, which is reserved; of 15 alone where longer tokens are taken. */
  | "token-length-reserved"
  /** Longer than the receiver takes. RFC 8974 section 2.2.2. */
  | "token-too-long"
  | "token-truncated"
  /** A token is announced, or something follows, in a message without code. RFC 7252 section 4.1. */
  | "empty-with-content"
  /** A code of class 1, 3, 6 or 7. RFC 7252 sections 4.2 and 12.1. */
  | "code-class-reserved"
  /** A code that may not travel so, such as a request in an acknowledgement. RFC 7252 section 4.3, table 1. */
  | "type-unfit-for-code"
  | CoapContentFlaw;

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
 * @param longestToken bytes: more than 8, up to 65804, where extended tokens are taken.
 *
 * @see RFC 7252 section 3, RFC 8974 section 2.1
 *
 * @example
 * const reading = readCoapMessage(datagram);
 * if (reading.type === "message") console.log(reading.message.code, readOptions(reading.message, "uriPath"));
 */
export function readCoapMessage(datagram: Uint8Array, longestToken = maxTokenBytes): CoapReading {
  if (datagram.length < headerBytes) return { type: "malformed", flaw: "header-truncated", header: undefined };
  const first = datagram[0] ?? 0;
  const version = first >> 6;
  if (version !== 1) return { type: "other-version", version };
  // Two bits: always one of the four.
  const type = coapTypes[((first >> 4) & 3) as 0 | 1 | 2 | 3];
  const messageId = ((datagram[2] ?? 0) << 8) | (datagram[3] ?? 0);
  const code = formatCoapCode(datagram[1] ?? 0);
  const body = readBody(datagram, type, code, first & 15, longestToken);
  return typeof body === "string"
    ? { type: "malformed", flaw: body, header: { type, code, messageId } }
    : {
        type: "message",
        message: { type, code, messageId, token: body.token, options: body.options, payload: body.payload },
      };
}

type Body = Pick<CoapMessage, "token" | "options" | "payload">;

function readBody(
  datagram: Uint8Array,
  type: CoapType,
  code: CoapCode,
  tokenNibble: number,
  longestToken: number,
): Body | CoapFlaw {
  if (tokenNibble === 15 || (tokenNibble > maxTokenBytes && longestToken <= maxTokenBytes))
    return "token-length-reserved";
  const kind = kindOfCoapCode(code);
  if (kind === "empty" && (tokenNibble > 0 || datagram.length > headerBytes)) return "empty-with-content";
  if (kind === "reserved") return "code-class-reserved";
  const unfit =
    (type === "reset" && kind !== "empty") ||
    (type === "non-confirmable" && kind === "empty") ||
    (type === "acknowledgement" && kind === "request");
  if (unfit) return "type-unfit-for-code";
  const tokenAt = headerBytes + extensionBytes(tokenNibble);
  if (tokenAt > datagram.length) return "token-truncated";
  const tokenBytes =
    tokenNibble < 13 ? tokenNibble : readExtension(datagram, headerBytes, tokenAt) + lengthBase(tokenNibble);
  if (tokenBytes > longestToken) return "token-too-long";
  const tokenEnd = tokenAt + tokenBytes;
  if (tokenEnd > datagram.length) return "token-truncated";
  const content = readContent(datagram, tokenEnd);
  return typeof content === "string"
    ? content
    : { token: datagram.subarray(tokenAt, tokenEnd), options: content.options, payload: content.payload };
}

const headerBytes = 4;
