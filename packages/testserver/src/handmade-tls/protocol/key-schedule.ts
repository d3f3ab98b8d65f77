import { ascii } from "./handshake-messages.ts";
import { concat, number, vector } from "./presentation.ts";

/** SHA-256, as the platform has it. */
export interface Hashing {
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  readonly hmac: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
}

/** A secret for each direction. */
export interface Secrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** What protects the records of one direction: a key, and what nonces are made of. */
export interface RecordKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

const hashBytes = 32;

/** The secrets of TLS 1.3, of a handshake without a pre-shared key. RFC 8446 section 7.1. */
export class KeySchedule {
  readonly #hashing: Hashing;
  #secret: Uint8Array;

  /** `shared` is what both sides made of the other's public key. */
  constructor(hashing: Hashing, shared: Uint8Array) {
    this.#hashing = hashing;
    const nothing = new Uint8Array(hashBytes);
    this.#secret = hashing.hmac(this.#derived(hashing.hmac(nothing, nothing)), shared);
  }

  /** After the ServerHello. */
  handshakeSecrets(transcriptHash: Uint8Array): Secrets {
    return this.#secrets("hs", transcriptHash);
  }

  /** After the server's Finished. To be asked once, after the former. */
  applicationSecrets(transcriptHash: Uint8Array): Secrets {
    this.#secret = this.#hashing.hmac(this.#derived(this.#secret), new Uint8Array(hashBytes));
    return this.#secrets("ap", transcriptHash);
  }

  #secrets(stage: "hs" | "ap", transcriptHash: Uint8Array): Secrets {
    const derive = (side: "c" | "s"): Uint8Array =>
      expandLabel(this.#hashing, this.#secret, `${side} ${stage} traffic`, transcriptHash, hashBytes);
    return { client: derive("c"), server: derive("s") };
  }

  #derived(secret: Uint8Array): Uint8Array {
    return expandLabel(this.#hashing, secret, "derived", this.#hashing.hash(new Uint8Array()), hashBytes);
  }
}

/** RFC 8446 section 7.3, for AES-128-GCM. */
export function recordKeys(hashing: Hashing, secret: Uint8Array): RecordKeys {
  const part = (label: string, length: number): Uint8Array =>
    expandLabel(hashing, secret, label, new Uint8Array(), length);
  return { key: part("key", 16), iv: part("iv", 12) };
}

/** The secret after a KeyUpdate. RFC 8446 section 7.2. */
export function nextSecret(hashing: Hashing, secret: Uint8Array): Uint8Array {
  return expandLabel(hashing, secret, "traffic upd", new Uint8Array(), hashBytes);
}

/** What a Finished of TLS 1.3 says. RFC 8446 section 4.4.4. */
export function finishedData(hashing: Hashing, secret: Uint8Array, transcriptHash: Uint8Array): Uint8Array {
  return hashing.hmac(expandLabel(hashing, secret, "finished", new Uint8Array(), hashBytes), transcriptHash);
}

/** RFC 8446 section 7.1, HKDF-Expand-Label, for what fits one hash (RFC 5869 section 2.3). */
function expandLabel(
  hashing: Hashing,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = concat(number(2, length), vector(1, ascii(`tls13 ${label}`)), vector(1, context));
  return hashing.hmac(secret, concat(info, number(1, 1))).subarray(0, length);
}

/** The pseudo-random function of TLS 1.2. RFC 5246 section 5. */
export function prf(hashing: Hashing, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const labelled = concat(ascii(label), seed);
  let output: Uint8Array = new Uint8Array();
  for (let a = labelled; output.length < length; ) {
    a = hashing.hmac(secret, a);
    output = concat(output, hashing.hmac(secret, concat(a, labelled)));
  }
  return output.subarray(0, length);
}
