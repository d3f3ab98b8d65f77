import { createHash, createHmac } from "node:crypto";
import type { Hashing } from "./protocol/key-schedule.ts";

/** SHA-256 by Node.js. */
export const sha256: Hashing = {
  hash: (bytes) => createHash("sha256").update(bytes).digest(),
  hmac: (key, bytes) => createHmac("sha256", key).update(bytes).digest(),
};

/** The messages of a handshake, as hashes of them are asked for on the way. */
export class Transcript {
  #hash = createHash("sha256");

  add(message: Uint8Array): void {
    this.#hash.update(message);
  }

  /** Of all messages so far. */
  hash(): Uint8Array {
    return this.#hash.copy().digest();
  }

  /** Begins anew with this message, as RFC 8446 section 4.4.1 has it after a HelloRetryRequest. */
  restart(message: Uint8Array): void {
    this.#hash = createHash("sha256").update(message);
  }
}
