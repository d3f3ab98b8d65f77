import { createCipheriv, createDecipheriv } from "node:crypto";
import { contentType } from "./protocol/code-points.ts";
import { nextSecret, type RecordKeys, recordKeys } from "./protocol/key-schedule.ts";
import { concat, number } from "./protocol/presentation.ts";
import { formatRecord, type TlsRecord } from "./protocol/records.ts";
import { sha256 } from "./sha256.ts";

const tagBytes = 16;

/** Protects the records of one direction by AES-128-GCM. */
export interface RecordProtection {
  /** Number of the next record. A server that skips some is out of step with its client. */
  sequence: number;
  /** Makes a whole record; `paddingBytes` zeros go with its content, where the version has padding. */
  seal(type: number, content: Uint8Array, paddingBytes?: number): Uint8Array;
  /** @throws where the record was not made by these keys, with this number. */
  open(record: TlsRecord): TlsRecord;
  /** Goes on with the next keys, where the version has them. */
  update(): void;
}

/** RFC 8446 section 5.2 and 5.3. */
export class RecordProtection13 implements RecordProtection {
  sequence = 0;
  #secret: Uint8Array;
  #keys: RecordKeys;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
    this.#keys = recordKeys(sha256, secret);
  }

  seal(type: number, content: Uint8Array, paddingBytes = 0): Uint8Array {
    const inner = concat(content, number(1, type), new Uint8Array(paddingBytes));
    const header = formatRecord(contentType.applicationData, new Uint8Array(inner.length + tagBytes)).subarray(0, 5);
    const cipher = createCipheriv("aes-128-gcm", this.#keys.key, this.#nonce()).setAAD(header);
    const sealed = concat(cipher.update(inner), cipher.final(), cipher.getAuthTag());
    this.sequence += 1;
    return concat(header, sealed);
  }

  open({ type, content }: TlsRecord): TlsRecord {
    // A client that fails before it has keys says so in the clear.
    if (type === contentType.alert) return { type, content };
    const header = formatRecord(type, content).subarray(0, 5);
    const end = Math.max(content.length - tagBytes, 0);
    const decipher = createDecipheriv("aes-128-gcm", this.#keys.key, this.#nonce()).setAAD(header);
    decipher.setAuthTag(content.subarray(end));
    const inner = concat(decipher.update(content.subarray(0, end)), decipher.final());
    this.sequence += 1;
    const typeAt = inner.findLastIndex((byte) => byte !== 0);
    return { type: inner[typeAt] ?? 0, content: inner.subarray(0, Math.max(typeAt, 0)) };
  }

  update(): void {
    this.#secret = nextSecret(sha256, this.#secret);
    this.#keys = recordKeys(sha256, this.#secret);
    this.sequence = 0;
  }

  #nonce(): Uint8Array {
    const mask = number(12, this.sequence);
    return this.#keys.iv.map((byte, index) => byte ^ (mask[index] ?? 0));
  }
}

/** RFC 5288 section 3; the explicit part of the nonce is the record's number. The initialization vector has 4 bytes. */
export class RecordProtection12 implements RecordProtection {
  sequence = 0;
  readonly #keys: RecordKeys;

  constructor(keys: RecordKeys) {
    this.#keys = keys;
  }

  seal(type: number, content: Uint8Array): Uint8Array {
    const explicit = number(8, this.sequence);
    const cipher = createCipheriv("aes-128-gcm", this.#keys.key, concat(this.#keys.iv, explicit));
    cipher.setAAD(this.#header(type, content.length));
    const sealed = concat(explicit, cipher.update(content), cipher.final(), cipher.getAuthTag());
    this.sequence += 1;
    return formatRecord(type, sealed);
  }

  open({ type, content }: TlsRecord): TlsRecord {
    const end = Math.max(content.length - tagBytes, 8);
    const nonce = concat(this.#keys.iv, content.subarray(0, 8));
    const decipher = createDecipheriv("aes-128-gcm", this.#keys.key, nonce);
    decipher.setAAD(this.#header(type, end - 8)).setAuthTag(content.subarray(end));
    const plain = concat(decipher.update(content.subarray(8, end)), decipher.final());
    this.sequence += 1;
    return { type, content: plain };
  }

  update(): void {
    throw new TypeError("TLS 1.2 has no KeyUpdate");
  }

  #header(type: number, length: number): Uint8Array {
    return concat(number(8, this.sequence), number(1, type), number(2, 0x0303), number(2, length));
  }
}
