import { addressOf, type GnuTls } from "./library.ts";

/** Bytes on their way into GnuTLS, which asks for as many as it wants at a time. */
export class InputQueue {
  readonly #chunks: { readonly bytes: Uint8Array; readonly address: number }[] = [];
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes are kept, not copied. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push({ bytes, address: addressOf(bytes) });
    this.#length += bytes.length;
  }

  /** Copies as many as there are, at most `length`, and returns how many. */
  copyTo(gnutls: GnuTls, to: number, length: number): number {
    let copied = 0;
    for (let chunk = this.#chunks[0]; chunk !== undefined && copied < length; chunk = this.#chunks[0]) {
      const part = Math.min(chunk.bytes.length - this.#offset, length - copied);
      gnutls.memcpy(to + copied, chunk.address + this.#offset, part);
      copied += part;
      this.#offset += part;
      if (this.#offset < chunk.bytes.length) break;
      this.#chunks.shift();
      this.#offset = 0;
    }
    this.#length -= copied;
    return copied;
  }
}

/** Bytes that GnuTLS has for the peer: whatever it pushes is taken. */
export class OutputQueue {
  #slabs: { readonly bytes: Buffer; readonly address: number; used: number }[] = [];
  /** Size of the next slab: what is about to be pushed. */
  #expected = 0;

  get length(): number {
    return this.#slabs.reduce((sum, { used }) => sum + used, 0);
  }

  /** Has what follows from so much plaintext land in one piece. */
  expect(plaintextBytes: number): void {
    const records = Math.ceil(plaintextBytes / maxRecordBytes);
    this.#expected = plaintextBytes + records * recordOverheadBytes;
  }

  add(gnutls: GnuTls, from: number, length: number): void {
    let slab = this.#slabs.at(-1);
    if (slab === undefined || slab.bytes.length - slab.used < length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(length, this.#expected, minSlabBytes));
      slab = { bytes, address: addressOf(bytes), used: 0 };
      this.#slabs.push(slab);
      this.#expected = 0;
    }
    gnutls.memcpy(slab.address + slab.used, from, length);
    slab.used += length;
  }

  /** Everything at once, owned by the caller. */
  take(): Buffer | undefined {
    const slabs = this.#slabs;
    const [first] = slabs;
    if (first === undefined) return undefined;
    this.#slabs = [];
    if (slabs.length === 1) return first.bytes.subarray(0, first.used);
    return Buffer.concat(slabs.map(({ bytes, used }) => bytes.subarray(0, used)));
  }
}

const maxRecordBytes = 16_384;
/** Header, nonce, content type and tag of any cipher, with room to spare. */
const recordOverheadBytes = 128;
const minSlabBytes = 2_048;
