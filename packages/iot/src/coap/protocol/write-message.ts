import { coapCodeByte } from "./code.ts";
import { extensionBytes, lengthBase, lengthNibble, writeExtension } from "./extended-length.ts";
import { type CoapMessage, coapTypes, maxExtendedTokenBytes, maxTokenBytes } from "./message.ts";
import { contentWriter } from "./write-content.ts";

/**
 * Writes one datagram. Options are sorted by number; those of one number stay in their order. What it writes is a
 * message in its form, whether or not it makes sense: a test may send what no peer should.
 *
 * @param longestToken bytes: more than 8, up to 65804, where the peer takes extended tokens.
 * @param allocate gives the bytes to write into; an array of their own by default
 *
 * @throws RangeError for a number, code, token or option that has no form.
 *
 * @see RFC 7252 section 3, RFC 8974 section 2.1
 */
export function writeCoapMessage(
  { type, code, messageId, token, options, payload }: CoapMessage,
  longestToken = maxTokenBytes,
  allocate: (sizeBytes: number) => Uint8Array = newBytes,
): Uint8Array {
  if (!(Number.isInteger(messageId) && messageId >= 0 && messageId <= 65_535)) {
    throw new RangeError(`a message ID is 0 to 65535, not ${messageId}`);
  }
  if (token.length > Math.min(longestToken, maxExtendedTokenBytes)) {
    throw new RangeError(`a token has ${longestToken} bytes at most, not ${token.length}`);
  }
  const content = contentWriter(options, payload);
  const tokenNibble = lengthNibble(token.length);
  const tokenAt = headerBytes + extensionBytes(tokenNibble);
  const datagram = allocate(tokenAt + token.length + content.sizeBytes);
  datagram[0] = 0x40 | (coapTypes.indexOf(type) << 4) | tokenNibble;
  datagram[1] = coapCodeByte(code);
  datagram[2] = messageId >> 8;
  datagram[3] = messageId & 255;
  writeExtension(datagram, headerBytes, tokenAt, token.length - lengthBase(tokenNibble));
  datagram.set(token, tokenAt);
  content.write(datagram, tokenAt + token.length);
  return datagram;
}

function newBytes(sizeBytes: number): Uint8Array {
  return new Uint8Array(sizeBytes);
}

const headerBytes = 4;
