import { Buffer } from "node:buffer";

/** What a token is looked up by: one character for each byte. */
export function tokenKey(token: Uint8Array): string {
  return Buffer.from(token.buffer, token.byteOffset, token.length).toString("latin1");
}
