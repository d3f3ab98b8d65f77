/**
 * What OSCORE takes from a cryptographic library: HKDF with SHA-256, and the AEAD that every implementation has,
 * AES-CCM-16-64-128 (keys of 16 bytes, nonces of 13, a tag of 8 behind the ciphertext).
 *
 * @see RFC 8613 section 3.2, RFC 9053 section 4.2, RFC 5869
 */
export interface OscoreCryptography {
  /** HKDF-SHA-256. */
  deriveKey(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, lengthBytes: number): Uint8Array;
  /** Encrypts; the tag follows the ciphertext. */
  seal(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Decrypts; `undefined` when anything was changed. */
  open(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

/** Number of AES-CCM-16-64-128 in the registry of COSE. */
export const oscoreAlgorithm = 10;

/** Bytes of its key. */
export const oscoreKeyBytes = 16;

/** Bytes of its nonce. */
export const oscoreNonceBytes = 13;

/** Bytes of its tag: no ciphertext is as short. */
export const oscoreTagBytes = 8;

/**
 * Most bytes that a response grows by: its tag, the code within, the option with a partial IV, and the longer header of
 * that. A request grows by its sender ID and its ID context besides.
 */
export const oscoreOverheadBytes = oscoreTagBytes + 1 + 8 + 1;
