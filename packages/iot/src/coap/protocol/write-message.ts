import { type CoapCode, type CoapMessage, coapTypes, maxOptionNumber, maxTokenBytes } from "./message.ts";

/**
 * Writes one datagram. Options are sorted by number; those of one number stay in their order. What it writes is a
 * message in its form, whether or not it makes sense: a test may send what no peer should.
 *
 * @throws RangeError for a number, code, token or option that has no form.
 *
 * @see RFC 7252 section 3
 */
export function writeCoapMessage({ type, code, messageId, token, options, payload }: CoapMessage): Uint8Array {
  if (!(Number.isInteger(messageId) && messageId >= 0 && messageId <= 65_535)) {
    throw new RangeError(`a message ID is 0 to 65535, not ${messageId}`);
  }
  if (token.length > maxTokenBytes) throw new RangeError(`a token has 8 bytes at most, not ${token.length}`);
  const pieces: Uint8Array[] = [
    Uint8Array.of(
      0x40 | (coapTypes.indexOf(type) << 4) | token.length,
      codeByte(code),
      messageId >> 8,
      messageId & 255,
    ),
    token,
  ];
  let last = 0;
  for (const { number, value } of options.toSorted((one, other) => one.number - other.number)) {
    if (!(Number.isInteger(number) && number >= 0 && number <= maxOptionNumber)) {
      throw new RangeError(`an option number is 0 to 65535, not ${number}`);
    }
    if (value.length > maxValueBytes) throw new RangeError(`an option has ${maxValueBytes} bytes at most`);
    const [delta, ...moreDelta] = extended(number - last);
    const [length, ...moreLength] = extended(value.length);
    pieces.push(Uint8Array.of((delta << 4) | length, ...moreDelta, ...moreLength), value);
    last = number;
  }
  if (payload.length > 0) pieces.push(Uint8Array.of(0xff), payload);
  return join(pieces);
}

/** Four bits, and the bytes that follow the first. RFC 7252 section 3.1. */
function extended(value: number): readonly [nibble: number, ...more: number[]] {
  if (value < 13) return [value];
  if (value < 269) return [13, value - 13];
  return [14, (value - 269) >> 8, (value - 269) & 255];
}

function codeByte(code: CoapCode): number {
  const [, major = "", minor = ""] = /^([0-7])\.(\d\d)$/.exec(code) ?? [];
  if (major === "" || Number(minor) > 31) throw new RangeError(`a code is 0.00 to 7.31, not ${code}`);
  return (Number(major) << 5) | Number(minor);
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const maxValueBytes = 65_535 + 269;
