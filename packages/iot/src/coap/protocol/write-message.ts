import { coapCodeByte } from "./code.ts";
import { type CoapMessage, coapTypes, maxTokenBytes } from "./message.ts";
import { contentWriter } from "./write-content.ts";

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
  const content = contentWriter(options, payload);
  const datagram = new Uint8Array(headerBytes + token.length + content.sizeBytes);
  datagram[0] = 0x40 | (coapTypes.indexOf(type) << 4) | token.length;
  datagram[1] = coapCodeByte(code);
  datagram[2] = messageId >> 8;
  datagram[3] = messageId & 255;
  datagram.set(token, headerBytes);
  content.write(datagram, headerBytes + token.length);
  return datagram;
}

const headerBytes = 4;
