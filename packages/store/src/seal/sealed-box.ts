import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from "node:crypto";

/** Bytes that encrypting adds. */
export const OVERHEAD_BYTES = 1 + 16 + 12 + 16;

const version = 1;
const sessionAt = 1;
const nonceAt = sessionAt + 16;
const contentAt = nonceAt + 12;
const tagBytes = 16;
/** Keys of other sessions that are kept at hand. */
const sessionsLimit = 256;
/** Random bytes are fetched for so many nonces at once: a call for each would take a third of all the time. */
const noncesAtOnce = 256;

/**
 * Encrypts bytes with AES-256-GCM, and binds them to where they belong.
 *
 * Random nonces of 96 bits are safe for 2^32 messages under one key, which a fleet could reach in days. So each box writes
 * with a key of its own, derived from 16 random bytes that stand before what it has written.
 *
 * ```
 * version (1) | session (16) | nonce (12) | ciphertext | tag (16)
 * ```
 *
 * @see NIST SP 800-38D section 8.3
 */
export class SealedBox {
  readonly #key: KeyObject;
  readonly #session = randomBytes(16);
  readonly #sessionKey: KeyObject;
  /** By session, as text. */
  readonly #others = new Map<string, KeyObject>();
  #nonces = Buffer.alloc(0);

  constructor(key: KeyObject) {
    this.#key = key;
    this.#sessionKey = sessionKey(key, this.#session);
  }

  /** @param place where the bytes belong: nowhere else are they opened. */
  seal(place: string, ...content: readonly Uint8Array[]): Uint8Array {
    const nonce = this.#nonce();
    const cipher = createCipheriv("aes-256-gcm", this.#sessionKey, nonce).setAAD(Buffer.from(place));
    const parts = content.map((bytes) => cipher.update(bytes));
    cipher.final();
    const sealed = Buffer.concat([Buffer.of(version), this.#session, nonce, ...parts, cipher.getAuthTag()]);
    // A small one is cut from a pool, which it would keep alive, and post to a thread whole.
    return sealed.byteLength === sealed.buffer.byteLength ? new Uint8Array(sealed.buffer) : new Uint8Array(sealed);
  }

  /** @returns `undefined` for what was damaged, moved, or sealed with another key. */
  open(place: string, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < OVERHEAD_BYTES || sealed[0] !== version) return undefined;
    const key = this.#keyOf(sealed.subarray(sessionAt, nonceAt));
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(nonceAt, contentAt), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-tagBytes));
    const content = decipher.update(sealed.subarray(contentAt, -tagBytes));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return content;
  }

  #keyOf(session: Uint8Array): KeyObject {
    if (this.#session.equals(session)) return this.#sessionKey;
    const name = Buffer.from(session).toString("latin1");
    const known = this.#others.get(name);
    if (known !== undefined) return known;
    const key = sessionKey(this.#key, session);
    if (this.#others.size >= sessionsLimit) this.#others.clear();
    this.#others.set(name, key);
    return key;
  }

  #nonce(): Buffer {
    if (this.#nonces.length === 0) this.#nonces = randomBytes(12 * noncesAtOnce);
    const nonce = this.#nonces.subarray(0, 12);
    this.#nonces = this.#nonces.subarray(12);
    return nonce;
  }
}

function sessionKey(key: KeyObject, session: Uint8Array): KeyObject {
  return createSecretKey(createHmac("sha256", key).update(session).digest());
}
