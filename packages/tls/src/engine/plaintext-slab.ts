import type { NativeMemory } from "./byte-queues.ts";
import type { SlabPool } from "./slab-pool.ts";

/** Where plaintext is decrypted to: a large piece is handed over as it lies there, a small one is copied. */
export class PlaintextSlab {
  readonly #memory: NativeMemory;
  readonly #pool: SlabPool;
  #slab: Buffer | undefined;
  #address = 0;
  #ballast: readonly number[] = new Array<number>(ballastWords).fill(0);
  #givenSinceBallast = 0;

  constructor(memory: NativeMemory, pool: SlabPool) {
    this.#memory = memory;
    this.#pool = pool;
  }

  /** Where to decrypt to. The bytes are the caller's until `give`. */
  open(): { readonly address: number; readonly size: number } {
    if (this.#slab === undefined) {
      this.#slab = this.#pool.take(slabBytes);
      this.#address = this.#memory.addressOf(this.#slab);
    }
    return { address: this.#address, size: slabBytes };
  }

  /** The first bytes of it, which belong to whoever gets them. */
  give(length: number): Buffer {
    const plain = (this.#slab ?? Buffer.alloc(0)).subarray(0, length);
    this.#weighDown(length);
    if (length < slabBytes / 2) return Buffer.from(plain);
    this.#slab = undefined;
    return plain;
  }

  /**
   * Leaves garbage in V8's heap along with the plaintext, a quarter as much. Plaintext lies outside of the heap, and its
   * amount alone has V8 collect all of the heap, every 30 MiB: half of the CPU time of a process that receives. Garbage has
   * it collect what is young instead, for a fraction of the time, and with it go the slabs that their readers are done with.
   */
  #weighDown(length: number): void {
    this.#givenSinceBallast += length;
    if (this.#givenSinceBallast < slabBytes) return;
    this.#givenSinceBallast = 0;
    this.#ballast = this.#ballast.slice();
  }
}

/** Four records, and below the size from which the C library asks the kernel for each buffer. */
const slabBytes = 65_536;
/** Of eight bytes. */
const ballastWords = slabBytes / 4 / 8;
