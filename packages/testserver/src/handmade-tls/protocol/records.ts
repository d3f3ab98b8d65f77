import { concat, number, Reader } from "./presentation.ts";

/** A record as it is on the wire, its content protected or not. */
export interface TlsRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** RFC 8446 section 5.2; TLS 1.2 allows more. */
export const maxProtectedBytes = 2 ** 14 + 256;

const headerBytes = 5;

/** Writes a record, with any length that fits its two bytes. */
export function formatRecord(type: number, content: Uint8Array, version = 0x0303): Uint8Array {
  return concat(number(1, type), number(2, version), number(2, content.length), content);
}

/** Finds records in a stream, whatever pieces they come in. Holds one record and what came with its end. */
export class RecordReader {
  #pending: Uint8Array = new Uint8Array();

  /**
   * The records that are complete.
   *
   * @throws RangeError for what is no TLS, and for records that are too long.
   */
  add(chunk: Uint8Array): readonly TlsRecord[] {
    this.#pending = concat(this.#pending, chunk);
    const found: TlsRecord[] = [];
    while (this.#pending.length >= headerBytes) {
      const reader = new Reader(this.#pending);
      const type = reader.number(1);
      const major = reader.number(1);
      reader.number(1);
      const length = reader.number(2);
      if (major !== 3 || type < 20 || type > 24) throw new RangeError("the client does not speak TLS");
      if (length > maxProtectedBytes + 1792) throw new RangeError("a record of the client is too long");
      if (this.#pending.length < headerBytes + length) break;
      found.push({ type, content: reader.bytes(length) });
      this.#pending = this.#pending.subarray(headerBytes + length);
    }
    return found;
  }
}
