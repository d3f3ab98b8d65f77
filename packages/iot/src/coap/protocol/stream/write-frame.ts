import { coapCodeByte } from "../code.ts";
import { extensionBytes, lengthBase, lengthNibble, writeExtension } from "../extended-length.ts";
import { maxExtendedTokenBytes } from "../message.ts";
import { contentWriter } from "../write-content.ts";
import type { CoapFraming } from "./frame-head.ts";
import type { CoapStreamMessage } from "./stream-message.ts";

/**
 * Writes one message, as a stream or as a WebSocket carries it. Options are sorted by number; those of one number stay in
 * their order. What it writes is a message in its form, whether or not it makes sense: a test may send what no peer should.
 *
 * @throws RangeError for a code, token or option that has no form.
 *
 * @see RFC 8323 sections 3.2 and 4.2, RFC 8974 section 2.1
 */
export function writeCoapFrame({ code, token, options, payload }: CoapStreamMessage, framing: CoapFraming): Uint8Array {
  if (token.length > maxExtendedTokenBytes) {
    throw new RangeError(`a token has ${maxExtendedTokenBytes} bytes at most, not ${token.length}`);
  }
  const content = contentWriter(options, payload);
  const length = framing === "stream" ? content.sizeBytes : 0;
  const lengthField = lengthNibble(length);
  const tokenField = lengthNibble(token.length);
  const codeAt = 1 + extensionBytes(lengthField);
  const tokenAt = codeAt + 1 + extensionBytes(tokenField);
  const bytes = new Uint8Array(tokenAt + token.length + content.sizeBytes);
  bytes[0] = (lengthField << 4) | tokenField;
  writeExtension(bytes, 1, codeAt, length - lengthBase(lengthField));
  bytes[codeAt] = coapCodeByte(code);
  writeExtension(bytes, codeAt + 1, tokenAt, token.length - lengthBase(tokenField));
  bytes.set(token, tokenAt);
  content.write(bytes, tokenAt + token.length);
  return bytes;
}
