import type { ClientHello } from "./client-hello.ts";

/**
 * Writes the answer to a ClientHello without a valid cookie. It is shorter than the shortest ClientHello, so that nobody
 * is sent more than was received in its name.
 *
 * @see RFC 6347 section 4.2.1; its version is that of DTLS 1.0, whatever is negotiated later
 */
export function writeHelloVerifyRequest(hello: ClientHello, cookie: Uint8Array): Uint8Array {
  if (cookie.length > maxCookieBytes) throw new RangeError("the cookie is too long");
  const body = 3 + cookie.length;
  const bytes = new Uint8Array(25 + body);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 22);
  view.setUint16(1, dtls10);
  view.setBigUint64(3, hello.recordSequence);
  view.setUint16(11, 12 + body);
  view.setUint8(13, helloVerifyRequest);
  view.setUint16(15, body);
  // Message sequence and fragment offset are 0.
  view.setUint16(23, body);
  view.setUint16(25, dtls10);
  view.setUint8(27, cookie.length);
  bytes.set(cookie, 28);
  return bytes;
}

const dtls10 = 0xfeff;
const helloVerifyRequest = 3;
/** What clients of DTLS 1.0 take. */
export const maxCookieBytes = 32;
