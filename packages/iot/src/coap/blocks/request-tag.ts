import { randomBytes } from "node:crypto";

/** Makes a Request-Tag that no two transfers under way have: by chance, of 8 bytes. RFC 9175 section 3.4. */
export function freshRequestTag(): Uint8Array {
  return new Uint8Array(randomBytes(8));
}
