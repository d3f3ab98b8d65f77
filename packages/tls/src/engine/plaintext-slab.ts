import type { NativeMemory } from "./byte-queues.ts";
import type { SlabPool } from "./slab-pool.ts";

/** Where plaintext is decrypted to: a large piece is handed over as it lies there, a small one is copied. */
export class PlaintextSlab {
  readonly #memory: NativeMemory;
  readonly #pool: SlabPool;
  #slab: Buffer | undefined;
  #address = 0;

  constructor(memory: NativeMemory, pool: SlabPool) {
    this.#memory = memory;
    this.#pool = pool;
  }

  /** Where to decrypt to. The bytes are the caller's until `give`. */
  open(): { readonly address: number; readonly size: number } {
    if (this.#slab === undefined) {
      this.#slab = this.#pool.lend(slabBytes);
      this.#address = this.#memory.addressOf(this.#slab);
    }
    return { address: this.#address, size: slabBytes };
  }

  /** The first bytes of it, which belong to whoever gets them. */
  give(length: number): Buffer {
    const plain = (this.#slab ?? Buffer.alloc(0)).subarray(0, length);
    if (length < slabBytes / 2) return Buffer.from(plain);
    this.#slab = undefined;
    return plain;
  }
}

/** Four records, and below the size from which the C library asks the kernel for each buffer. */
const slabBytes = 65_536;
