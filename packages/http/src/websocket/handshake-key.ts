/** RFC 6455 section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** 16 octets in base64, which leaves four bits of its last character unused, and 0. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

/** Whether this can be a Sec-WebSocket-Key: 16 octets in base64. RFC 6455 section 4.2.1. */
export function isHandshakeKey(key: string): boolean {
  return KEY.test(key);
}

/** SHA-1 of ASCII text in base64, of a platform: this side of it there is none. */
export type Sha1Base64 = (text: string) => string;

/** The Sec-WebSocket-Accept that answers a key. RFC 6455 section 4.2.2. */
export function answerHandshakeKey(key: string, sha1: Sha1Base64): string {
  return sha1(key + GUID);
}
