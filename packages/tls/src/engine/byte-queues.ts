import type { SlabPool } from "./slab-pool.ts";

/** The C library's memory, for engines that are reached by FFI. Addresses are numbers. */
export interface NativeMemory {
  /** Where bytes lie that are not in V8's heap. The caller keeps them for as long as the address is used. */
  addressOf(bytes: Uint8Array): number;
  copy(to: number, from: number, length: number): unknown;
}

/** Bytes on their way into a library, which asks for as many as it wants at a time. */
export class InputQueue {
  readonly #memory: NativeMemory;
  readonly #chunks: { readonly bytes: Uint8Array; readonly address: number }[] = [];
  #offset = 0;
  #length = 0;
  /** How many of the chunks are others', and may change after `keep`. They are the last. */
  #borrowed = 0;

  constructor(memory: NativeMemory) {
    this.#memory = memory;
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes are not copied before `keep`. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push({ bytes, address: this.#memory.addressOf(bytes) });
    this.#length += bytes.length;
    this.#borrowed += 1;
  }

  /** Copies what was added and is still there. */
  keep(): void {
    const first = Math.max(0, this.#chunks.length - this.#borrowed);
    this.#borrowed = 0;
    for (let index = first; index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) return;
      const offset = index === 0 ? this.#offset : 0;
      if (index === 0) this.#offset = 0;
      const bytes = Buffer.from(chunk.bytes.subarray(offset));
      this.#chunks[index] = { bytes, address: this.#memory.addressOf(bytes) };
    }
  }

  /** Copies as many as there are, at most `length`, and returns how many. */
  copyTo(to: number, length: number): number {
    let copied = 0;
    for (let chunk = this.#chunks[0]; chunk !== undefined && copied < length; chunk = this.#chunks[0]) {
      const part = Math.min(chunk.bytes.length - this.#offset, length - copied);
      this.#memory.copy(to + copied, chunk.address + this.#offset, part);
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

/** Bytes that a library has for the peer: whatever it pushes is taken. */
export class OutputQueue {
  readonly #memory: NativeMemory;
  readonly #pool: SlabPool;
  #slabs: { readonly bytes: Buffer; readonly address: number; used: number }[] = [];
  /** Size of the next slab: what is about to be pushed. */
  #expected = 0;

  constructor(memory: NativeMemory, pool: SlabPool) {
    this.#memory = memory;
    this.#pool = pool;
  }

  get length(): number {
    return this.#slabs.reduce((sum, { used }) => sum + used, 0);
  }

  /** Has what follows from so much plaintext land in one piece. */
  expect(plaintextBytes: number): void {
    const records = Math.ceil(plaintextBytes / maxRecordBytes);
    this.#expected = plaintextBytes + records * recordOverheadBytes;
  }

  add(from: number, length: number): void {
    let slab = this.#slabs.at(-1);
    if (slab === undefined || slab.bytes.length - slab.used < length) {
      const bytes = this.#pool.lend(Math.max(length, this.#expected));
      slab = { bytes, address: this.#memory.addressOf(bytes), used: 0 };
      this.#slabs.push(slab);
      this.#expected = 0;
    }
    this.#memory.copy(slab.address + slab.used, from, length);
    slab.used += length;
  }

  /** Everything at once, owned by the caller. */
  take(): Buffer | undefined {
    const slabs = this.#slabs;
    const [first] = slabs;
    if (first === undefined) return undefined;
    this.#slabs = [];
    if (slabs.length === 1) return first.bytes.subarray(0, first.used);
    const whole = Buffer.concat(slabs.map(({ bytes, used }) => bytes.subarray(0, used)));
    for (const { bytes } of slabs) this.#pool.giveBack(bytes);
    return whole;
  }
}

const maxRecordBytes = 16_384;
/** Header, nonce, content type and tag of any cipher, with room to spare. */
const recordOverheadBytes = 128;
